import { Link } from "../app/Link";
import { runPath, ticketPath } from "../app/route";
import { Age, Lasting } from "../parts/Age";
import { Status } from "../parts/Status";
import { dollars, line, plural, short } from "../parts/text";
import type { Run } from "../wire/types";

/** Runs as lines: a table when there is room, blocks when there is little. */
export function RunTable({ runs, withTicket }: { runs: readonly Run[]; withTicket: boolean }) {
  return (
    <table className="runs">
      <thead>
        <tr>
          <th scope="col">Status</th>
          <th scope="col">Run</th>
          {withTicket && <th scope="col">Ticket</th>}
          <th scope="col">Agent</th>
          <th scope="col">Result</th>
          <th scope="col" className="num">
            Tokens
          </th>
          <th scope="col" className="num">
            Cost
          </th>
          <th scope="col" className="num">
            Took
          </th>
          <th scope="col" className="num">
            Started
          </th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <RunRow key={run.id} run={run} withTicket={withTicket} />
        ))}
      </tbody>
    </table>
  );
}

function RunRow({ run, withTicket }: { run: Run; withTicket: boolean }) {
  const tokens = run.usage.input + run.usage.output + run.usage.cacheRead + run.usage.cacheWrite;
  return (
    <tr data-run={run.id}>
      <td>
        <Status word={run.status} title={run.evidence} />
      </td>
      <td>
        <Link to={runPath(run.id)}>{run.name}</Link>
      </td>
      {withTicket && <td>{run.ticket !== null && <Link to={ticketPath(run.ticket)}>{run.ticket}</Link>}</td>}
      <td>
        {run.agent} <span className="dim">{run.role}</span>
      </td>
      <td className="result">{resultOf(run)}</td>
      <td
        className="num"
        title={`${run.usage.input} in, ${run.usage.output} out, ${run.usage.cacheRead} read from cache, ${run.usage.cacheWrite} written to it`}
      >
        {tokens > 0 ? short(tokens) : ""}
      </td>
      <td className="num">{run.usage.usd === null ? "" : dollars(run.usage.usd)}</td>
      <td className="num">{run.startedAt !== null && <Lasting from={run.startedAt} to={run.endedAt} />}</td>
      <td className="num dim">
        <Age at={run.createdAt} />
      </td>
    </tr>
  );
}

function resultOf(run: Run): string {
  const work =
    run.work === null || run.work.commits === 0
      ? ""
      : `${plural(run.work.commits, "commit")}, +${run.work.insertions} −${run.work.deletions}`;
  const why = run.outcome === "succeeded" ? "" : line(run.evidence, 120);
  return [work, why].filter((part) => part !== "").join(" · ");
}
