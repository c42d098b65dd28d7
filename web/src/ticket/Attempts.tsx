import { RunTable } from "../runs/RunTable";
import type { Attempt } from "./ticket";

/** The lines of work on a ticket, each with its runs. */
export function Attempts({ attempts }: { attempts: readonly Attempt[] }) {
  if (attempts.length === 0) return null;
  return (
    <section>
      <h2>Attempts</h2>
      {attempts.map((attempt) => (
        <div key={attempt.id ?? ""} className="attempt">
          <h3>
            {attempt.id ?? "without an attempt"}{" "}
            {attempt.branch !== null && <code className="dim">{attempt.branch}</code>}
          </h3>
          <RunTable runs={attempt.runs} withTicket={false} />
        </div>
      ))}
    </section>
  );
}
