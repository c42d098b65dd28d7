import { page } from "../feed/page";
import type { Source } from "../feed/useLive";
import { get } from "../wire/api";
import type { Entry, Run, Status } from "../wire/types";
import { appended, emptyTranscript, prepended, type Transcript, withoutLive } from "./transcript";

export interface RunOnPage {
  readonly run: Run;
  readonly transcript: Transcript;
}

const pageSize = 300;

/** What an agent says changes the transcript only; these change the run. */
const ofTheRun = /^(run|turn|approval|steer|limit|usage|conversation)\b/;

/** A run with the newest page of its transcript, and what it says from now on. */
export function runSource(id: string): Source<RunOnPage> {
  const run = (signal: AbortSignal) => get<Run>(`/runs/${encodeURIComponent(id)}`, {}, signal);
  return {
    query: { run: id, deltas: true },
    load: async (signal) => {
      const { cursor } = await get<Status>("/status", {}, signal);
      const [found, entries] = await Promise.all([run(signal), page({ run: id, last: pageSize }, signal)]);
      const transcript = { ...appended(emptyTranscript, entries), more: entries.length > 0 };
      return { view: { run: found, transcript }, cursor };
    },
    fold: (view, entries) => ({ ...view, transcript: appended(view.transcript, entries) }),
    opened: (view) => ({ ...view, transcript: withoutLive(view.transcript) }),
    stale: (view, entries: readonly Entry[]) =>
      (entries.length === 0 ? view.run.endedAt === null : entries.some((entry) => ofTheRun.test(entry.type)))
        ? ["run"]
        : [],
    refetch: async (_, signal) => {
      const found = await run(signal);
      return (view) => ({ ...view, run: found });
    },
  };
}

/** The page before what is loaded.
 * @throws ApiError */
export async function olderPage(
  id: string,
  start: string,
  signal: AbortSignal,
): Promise<(view: RunOnPage) => RunOnPage> {
  const entries = await page({ run: id, before: start, last: pageSize }, signal);
  return (view) => ({ ...view, transcript: prepended(view.transcript, entries, entries.length > 0) });
}
