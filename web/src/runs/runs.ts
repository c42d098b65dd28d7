import type { Entry, Run } from "../wire/types";

export interface Filter {
  readonly project: string | null;
  readonly status: readonly string[];
  readonly text: string;
}

/** What changes a line of the list of runs. */
export const runKinds =
  "run.reserved,run.preparing,run.starting,run.live,run.stop_wanted,run.stopping,run.settled,run.removed,turn.started,turn.ended,limit,approval.asked,approval.settled";

export const filterOf = (params: URLSearchParams): Filter => ({
  project: params.get("project"),
  status: (params.get("status") ?? "").split(",").filter((word) => word !== ""),
  text: params.get("q") ?? "",
});

export function shownRuns(runs: readonly Run[], filter: Filter): readonly Run[] {
  const wanted = filter.text.trim().toLowerCase();
  return runs.filter(
    (run) =>
      (filter.project === null || run.project === filter.project) &&
      (filter.status.length === 0 || filter.status.includes(run.status)) &&
      (wanted === "" ||
        [run.name, run.ticket, run.agent, run.model].some((each) => each?.toLowerCase().includes(wanted))),
  );
}

/** How many runs there are of each status, in the order of the statuses' first appearance. */
export function statusCounts(runs: readonly Run[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const run of runs) counts.set(run.status, (counts.get(run.status) ?? 0) + 1);
  return [...counts];
}

/** The runs that these entries make stale, by id; without entries, those whose status ages. */
export function staleRuns(runs: readonly Run[], entries: readonly Entry[]): readonly string[] {
  if (entries.length === 0) return runs.filter((run) => run.endedAt === null).map((run) => run.id);
  return [...new Set(entries.map((entry) => entry.run).filter((id) => id !== null))];
}

/** The list with newer states of some runs; one that is gone leaves it, a new one stands first. */
export function withRuns(runs: readonly Run[], fresh: ReadonlyMap<string, Run | null>): readonly Run[] {
  const known = new Set(runs.map((run) => run.id));
  const added = [...fresh.values()].filter((run): run is Run => run !== null && !known.has(run.id));
  const kept = runs.map((run) => (fresh.has(run.id) ? (fresh.get(run.id) ?? null) : run)).filter((run) => run !== null);
  return [...added.sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt)), ...kept];
}
