import { groupBy } from "../board/board";
import { afterLast } from "../feed/entries";
import type { Entry, Landing, Run, Ticket, Why } from "../wire/types";

export interface TicketView {
  readonly ticket: Ticket;
  readonly why: Why;
  readonly landing: Landing;
  readonly attempts: readonly Attempt[];
  /** In the journal's order. */
  readonly entries: readonly Entry[];
}

export interface Attempt {
  /** Null: runs that belong to no attempt. */
  readonly id: string | null;
  readonly branch: string | null;
  readonly runs: readonly Run[];
}

/** What happens to a ticket, without what its agents say and do. */
export const ticketKinds = [
  "ticket.added,ticket.changed,ticket.moved,ticket.blocked,ticket.unblocked,ticket.held,ticket.released,attempt.opened,attempt.closed",
  "worktree.made,worktree.removed,salvage.saved,run.reserved,run.live,run.waiting,run.anew,run.stop_wanted,run.stopping,run.settled,run.removed,turn.started,turn.ended",
  "approval.asked,approval.settled,limit,landing.made,landing.tested,landing.approved,landing.waits,landing.intended,landing.landed,landing.conflict",
  "landing.failed,landing.raced,landing.abandoned,checkout.waits,checkout.followed,gate.started,gate.passed,gate.failed",
].join(",");

/** Newest attempt first; the runs keep the order in which the server gives them. */
export function attemptsOf(runs: readonly Run[]): readonly Attempt[] {
  return [...groupBy(runs, (run) => run.attempt ?? "")].map(([id, group]) => ({
    id: id === "" ? null : id,
    branch: group.find((run) => run.branch !== null)?.branch ?? null,
    runs: group,
  }));
}

export function withEntries(view: TicketView, entries: readonly Entry[]): TicketView {
  const fresh = afterLast(view.entries, entries);
  return fresh.length === 0 ? view : { ...view, entries: [...view.entries, ...fresh] };
}
