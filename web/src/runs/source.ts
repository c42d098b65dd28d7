import type { Source } from "../feed/useLive";
import { ApiError, get } from "../wire/api";
import type { Run, Status } from "../wire/types";
import { runKinds, staleRuns, withRuns } from "./runs";

/** The newest runs of a project, or of all. */
export function runsSource(project: string | null, limit: number): Source<readonly Run[]> {
  const ofProject = project === null ? {} : { project };
  return {
    query: { ...ofProject, kinds: runKinds },
    load: async (signal) => {
      const { cursor } = await get<Status>("/status", {}, signal);
      return { view: await get<Run[]>("/runs", { ...ofProject, limit }, signal), cursor };
    },
    fold: (runs) => runs,
    stale: staleRuns,
    refetch: async (ids, signal) => {
      const found = await Promise.all(ids.map((id) => runOrNull(id, signal)));
      const fresh = new Map(ids.map((id, i) => [id, found[i] ?? null]));
      return (runs) => withRuns(runs, fresh);
    },
  };
}

async function runOrNull(id: string, signal: AbortSignal): Promise<Run | null> {
  try {
    return await get<Run>(`/runs/${encodeURIComponent(id)}`, {}, signal);
  } catch (e) {
    if (e instanceof ApiError && e.status === 404) return null;
    throw e;
  }
}
