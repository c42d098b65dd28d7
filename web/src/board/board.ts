import type { Entry, RunLine, Status, Ticket, Waiting } from "../wire/types";

/** The order of the columns; a stage that is not listed here comes after them. */
export const stages = ["backlog", "ready", "coding", "review", "merging", "done", "cancelled"] as const;

/** How many tickets of a stage are loaded at first. */
export const pageSize = 50;

export interface Board {
  readonly status: Status;
  readonly tickets: ReadonlyMap<string, Ticket>;
}

export interface Card {
  readonly ticket: Ticket;
  readonly runs: readonly RunLine[];
  readonly waiting: Waiting | null;
}

export interface Column {
  readonly stage: string;
  readonly cards: readonly Card[];
  /** How many tickets the stage holds, shown or not. */
  readonly total: number;
  /** How many of them are loaded. */
  readonly loaded: number;
}

/** What moves tickets and runs; an agent's words do not. */
export const boardKinds = [
  "project.added,project.removed,ticket.added,ticket.changed,ticket.moved,ticket.blocked,ticket.unblocked,ticket.held,ticket.released",
  "run.reserved,run.preparing,run.starting,run.live,run.waiting,run.anew,run.stop_wanted,run.stopping,run.settled,run.removed,turn.started,turn.ended,limit",
  "approval.asked,approval.settled,landing.made,landing.tested,landing.approved,landing.waits,landing.intended,landing.landed,landing.conflict",
  "landing.failed,landing.raced,landing.abandoned,checkout.waits,checkout.followed,gate.failed",
].join(",");

/** The parts of the board that these entries make stale: tickets by key, and the status. */
export function staleParts(entries: readonly Entry[]): readonly string[] {
  const parts = new Set<string>(["status"]);
  for (const entry of entries) if (entry.ticket !== null && !entry.type.startsWith("turn.")) parts.add(entry.ticket);
  return [...parts];
}

export function columnsOf(board: Board, project: string | null, text: string): readonly Column[] {
  const runs = groupBy(board.status.runs, (run) => run.ticket ?? "");
  const waiting = new Map(board.status.waiting.map((each) => [each.ticket, each]));
  const wanted = [...board.tickets.values()].filter((ticket) => project === null || ticket.project === project);
  const byStage = groupBy(wanted, (ticket) => ticket.stage);
  return stages.map((stage) => {
    const all = byStage.get(stage) ?? [];
    const cards = all
      .filter((ticket) => matches(ticket, text))
      .sort(inOrder(stage))
      .map((ticket) => ({ ticket, runs: runs.get(ticket.key) ?? [], waiting: waiting.get(ticket.key) ?? null }));
    return { stage, cards, total: Math.max(all.length, totalOf(board.status, stage, project)), loaded: all.length };
  });
}

function matches(ticket: Ticket, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return wanted === "" || ticket.key.toLowerCase().includes(wanted) || ticket.title.toLowerCase().includes(wanted);
}

const totalOf = (status: Status, stage: string, project: string | null): number =>
  status.projects
    .filter((each) => project === null || each.id === project)
    .reduce((sum, each) => sum + (each.tickets[stage] ?? 0), 0);

/** Work that waits stands in the order in which it is taken up; what is over, newest first. */
function inOrder(stage: string): (a: Ticket, b: Ticket) => number {
  if (stage === "done" || stage === "cancelled") return (a, b) => Date.parse(b.updatedAt) - Date.parse(a.updatedAt);
  return (a, b) =>
    a.priority - b.priority || Date.parse(a.createdAt) - Date.parse(b.createdAt) || a.key.localeCompare(b.key);
}

export function groupBy<T>(items: readonly T[], by: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(by(item));
    if (group) group.push(item);
    else groups.set(by(item), [item]);
  }

  return groups;
}
