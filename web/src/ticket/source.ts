import { page } from "../feed/page";
import type { Source } from "../feed/useLive";
import { get } from "../wire/api";
import type { Entry, Landing, Run, Status, Ticket, Why } from "../wire/types";
import { attemptsOf, type TicketView, ticketKinds, withEntries } from "./ticket";

const runsShown = 200;
const entriesShown = 200;

/** A ticket, why it stands where it stands, its runs and what happened to it. */
export function ticketSource(key: string): Source<TicketView> {
  const path = `/tickets/${encodeURIComponent(key)}`;
  const ticket = (signal: AbortSignal) => get<Ticket>(path, {}, signal);
  const why = (signal: AbortSignal) => get<Why>(`${path}/why`, {}, signal);
  const landing = (signal: AbortSignal) => get<Landing>(`${path}/landing`, {}, signal);
  const runs = (signal: AbortSignal) => get<Run[]>("/runs", { ticket: key, limit: runsShown }, signal);
  return {
    query: { ticket: key, kinds: ticketKinds },
    load: async (signal) => {
      const { cursor } = await get<Status>("/status", {}, signal);
      const [t, w, l, r, entries] = await Promise.all([
        ticket(signal),
        why(signal),
        landing(signal),
        runs(signal),
        page({ ticket: key, kinds: ticketKinds, last: entriesShown }, signal),
      ]);
      return { view: { ticket: t, why: w, landing: l, attempts: attemptsOf(r), entries }, cursor };
    },
    fold: withEntries,
    stale: (_, entries: readonly Entry[]) =>
      entries.length === 0 || entries.some((e) => e.seq !== undefined) ? ["all"] : [],
    refetch: async (_, signal) => {
      const [t, w, l, r] = await Promise.all([ticket(signal), why(signal), landing(signal), runs(signal)]);
      return (view) => ({ ...view, ticket: t, why: w, landing: l, attempts: attemptsOf(r) });
    },
  };
}
