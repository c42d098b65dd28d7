import { useCallback, useMemo } from "react";
import { Link } from "../app/Link";
import { ticketPath } from "../app/route";
import { useLive } from "../feed/useLive";
import { Age } from "../parts/Age";
import { Failure } from "../parts/Failure";
import { Status } from "../parts/Status";
import { listOf, toggled, useParams } from "../parts/useParams";
import type { Run } from "../wire/types";
import { RunFacts } from "./RunFacts";
import { SayBox } from "./SayBox";
import { StopButton } from "./StopButton";
import { olderPage, runSource } from "./source";
import { TranscriptView } from "./TranscriptView";
import { hideable, visible } from "./transcript";

export function RunPage({ id }: { id: string }) {
  const [params, setParams] = useParams();
  const { view, error, update } = useLive(useMemo(() => runSource(id), [id]));
  const hide = params.get("hide");
  const items = view?.transcript.items;
  const shown = useMemo(() => visible(items ?? [], listOf(hide)), [items, hide]);
  const start = view?.transcript.start ?? null;
  const loadOlder = useCallback(
    async (signal: AbortSignal) => {
      if (start !== null) update(await olderPage(id, start, signal));
    },
    [id, start, update],
  );
  if (error && !view) return <Failure error={error} />;
  if (!view) return <p className="empty">Loading…</p>;
  const { run, transcript } = view;
  return (
    <article className="run-page">
      <RunHead run={run} />
      <div className="split">
        <div className="talk">
          <fieldset className="toggles">
            <legend>Show</legend>
            {hideable.map((kind) => (
              <button
                key={kind}
                type="button"
                aria-pressed={!listOf(hide).includes(kind)}
                onClick={() => setParams({ hide: toggled(listOf(hide), kind) })}
              >
                {kind}
              </button>
            ))}
          </fieldset>
          <TranscriptView
            items={shown}
            live={transcript.live}
            more={transcript.more}
            start={start}
            loadOlder={loadOlder}
          />
          {run.state !== "settled" && <SayBox run={run.id} />}
        </div>
        <RunFacts run={run} />
      </div>
    </article>
  );
}

function RunHead({ run }: { run: Run }) {
  return (
    <header className="page-head run-head">
      <div>
        <p className="crumb">
          {run.ticket !== null && (
            <Link to={ticketPath(run.ticket)} className="key">
              {run.ticket}
            </Link>
          )}{" "}
          {run.role} run of {run.agent}
        </p>
        <h1>{run.name}</h1>
        <p className="state">
          <Status word={run.status} /> <span>{run.evidence}</span>{" "}
          <span className="dim">
            <Age at={run.since} />
          </span>
        </p>
      </div>
      {run.state !== "settled" && <StopButton run={run.id} />}
    </header>
  );
}
