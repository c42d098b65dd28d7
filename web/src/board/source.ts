import type { Source } from "../feed/useLive";
import { ApiError, get } from "../wire/api";
import type { Status, Ticket } from "../wire/types";
import { type Board, boardKinds, pageSize, stages, staleParts } from "./board";

/** The board of a project, or of all; of the stage in `more` everything is loaded. */
export function boardSource(project: string | null, more: string | null): Source<Board> {
  const ofProject = project === null ? {} : { project };
  const ofStage = (stage: string, signal: AbortSignal) =>
    get<Ticket[]>("/tickets", { ...ofProject, stage, brief: true, limit: stage === more ? 10_000 : pageSize }, signal);
  return {
    query: { ...ofProject, kinds: boardKinds },
    load: async (signal) => {
      const status = await get<Status>("/status", {}, signal);
      const lists = await Promise.all(stages.map((stage) => ofStage(stage, signal)));
      return {
        view: { status, tickets: new Map(lists.flat().map((ticket) => [ticket.key, ticket])) },
        cursor: status.cursor,
      };
    },
    fold: (board) => board,
    stale: (_, entries) => staleParts(entries),
    refetch: async (parts, signal) => {
      const keys = parts.filter((part) => part !== "status");
      const [status, ...tickets] = await Promise.all([
        get<Status>("/status", {}, signal),
        ...keys.map((key) => ticketOrNull(key, signal)),
      ]);
      return (board) => {
        const next = new Map(board.tickets);
        for (const ticket of tickets) if (ticket) next.set(ticket.key, ticket);
        return { status, tickets: next };
      };
    },
  };
}

async function ticketOrNull(key: string, signal: AbortSignal): Promise<Ticket | null> {
  try {
    return await get<Ticket>(`/tickets/${encodeURIComponent(key)}`, {}, signal);
  } catch (e) {
    if (e instanceof ApiError && e.status === 404) return null;
    throw e;
  }
}
