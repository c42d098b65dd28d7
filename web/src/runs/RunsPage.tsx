import { useMemo } from "react";
import { useLive } from "../feed/useLive";
import { Failure } from "../parts/Failure";
import { count, words } from "../parts/text";
import { toggled, useParams } from "../parts/useParams";
import { RunTable } from "./RunTable";
import { filterOf, shownRuns, statusCounts } from "./runs";
import { runsSource } from "./source";

const pageSize = 100;

/** The newest runs. */
export function RunsPage() {
  const [params, setParams] = useParams();
  const filter = filterOf(params);
  const limit = Math.max(pageSize, Number.parseInt(params.get("n") ?? "", 10) || pageSize);
  const { view: runs, error } = useLive(useMemo(() => runsSource(filter.project, limit), [filter.project, limit]));
  if (error && !runs) return <Failure error={error} />;
  if (!runs) return <p className="empty">Loading…</p>;
  const shown = shownRuns(runs, filter);
  return (
    <div className="runs-page">
      <search className="filters">
        <input
          type="search"
          value={filter.text}
          placeholder="Filter by run, ticket, agent"
          aria-label="Filter runs by name, ticket or agent"
          onChange={(e) => setParams({ q: e.target.value })}
        />
        <fieldset className="toggles">
          <legend>Status</legend>
          {statusCounts(runs).map(([status, n]) => (
            <button
              key={status}
              type="button"
              aria-pressed={filter.status.includes(status)}
              onClick={() => setParams({ status: toggled(filter.status, status) })}
            >
              {words(status)} <span className="count">{count(n)}</span>
            </button>
          ))}
        </fieldset>
      </search>
      {shown.length === 0 ? (
        <p className="empty">No runs{runs.length > 0 && " that match"}.</p>
      ) : (
        <RunTable runs={shown} withTicket />
      )}
      {runs.length >= limit && (
        <button type="button" className="more" onClick={() => setParams({ n: String(limit * 4) })}>
          show older ones
        </button>
      )}
    </div>
  );
}
