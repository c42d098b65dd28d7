import type { ReactNode } from "react";
import { Age, Lasting } from "../parts/Age";
import { LongText } from "../parts/LongText";
import { count, dollars, plural, sha, words } from "../parts/text";
import type { Run } from "../wire/types";

/** What is on record of a run beside its transcript. */
export function RunFacts({ run }: { run: Run }) {
  const { usage, work } = run;
  return (
    <aside className="facts-side" aria-label="Facts of the run">
      <dl className="facts">
        <Fact
          name="Outcome"
          value={
            run.outcome &&
            [words(run.outcome), run.class && words(run.class), run.actor && `by ${run.actor}`]
              .filter(Boolean)
              .join(", ")
          }
        />
        <Fact name="Retry" value={run.retryAt && <Age at={run.retryAt} />} />
        <Fact name="Summary" value={run.summary && <LongText text={run.summary} />} />
        <Fact name="Note" value={run.note && <LongText text={run.note} className="wait" />} />
        <Fact
          name="Work"
          value={
            work &&
            `${plural(work.commits, "commit")}, ${plural(work.files, "file")}, +${work.insertions} −${work.deletions}`
          }
        />
        <Fact name="Uncommitted" value={work && work.uncommitted.length > 0 && work.uncommitted.join(", ")} />
        <Fact name="Cost" value={usage.usd !== null && dollars(usage.usd)} />
        <Fact
          name="Tokens"
          value={`${count(usage.input)} in, ${count(usage.output)} out, ${count(usage.cacheRead)} from cache, ${count(usage.cacheWrite)} to cache`}
        />
        <Fact name="Took" value={run.startedAt && <Lasting from={run.startedAt} to={run.endedAt} />} />
        <Fact name="Started" value={<Age at={run.createdAt} />} />
        <Fact name="Model" value={run.model} />
        <Fact name="Attempt" value={run.attempt} />
        <Fact name="Branch" value={run.branch && <code>{run.branch}</code>} />
        <Fact
          name="Commits"
          value={run.base && <code>{run.head ? `${sha(run.base)}…${sha(run.head)}` : sha(run.base)}</code>}
        />
        <Fact name="Worktree" value={run.worktree && <code>{run.worktree}</code>} />
        <Fact
          name="Sandbox"
          value={[run.sandbox, run.containment && words(run.containment)].filter(Boolean).join(", ")}
        />
        <Fact name="Conversation" value={run.conversation && <code>{run.conversation}</code>} />
      </dl>
      {run.prompt !== null && (
        <details>
          <summary>First prompt</summary>
          <LongText text={run.prompt} className="code" />
        </details>
      )}
      {run.commandLine !== null && run.commandLine.length > 0 && (
        <details>
          <summary>Command line</summary>
          <LongText text={run.commandLine.join("\n")} className="code" />
        </details>
      )}
    </aside>
  );
}

/** Left out when there is nothing to say. */
function Fact({ name, value }: { name: string; value: ReactNode }) {
  if (!value) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
