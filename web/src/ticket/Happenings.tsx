import { Link } from "../app/Link";
import { runPath } from "../app/route";
import { lineOf } from "../feed/entries";
import { clock, moment } from "../parts/text";
import type { Entry } from "../wire/types";

/** What happened to a ticket, newest first. */
export function Happenings({ entries }: { entries: readonly Entry[] }) {
  if (entries.length === 0) return null;
  return (
    <section>
      <h2>What happened</h2>
      <ol className="happenings">
        {entries.toReversed().map((entry) => (
          <li key={entry.seq}>
            <time dateTime={entry.at} title={moment(entry.at)}>
              {clock(entry.at)}
            </time>
            <span className="type">
              {entry.run === null ? entry.type : <Link to={runPath(entry.run)}>{entry.type}</Link>}
            </span>
            <span className="said">{lineOf(entry)}</span>
            <span className="dim">{entry.actor}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
