import { Link } from "../app/Link";
import { runPath, ticketPath } from "../app/route";
import { Age } from "../parts/Age";
import { Status } from "../parts/Status";
import type { RunLine } from "../wire/types";
import type { Card } from "./board";

export function TicketCard({ card }: { card: Card }) {
  const { ticket, runs, waiting } = card;
  return (
    <li className="card" data-ticket={ticket.key}>
      <div className="card-head">
        <Link to={ticketPath(ticket.key)} className="key">
          {ticket.key}
        </Link>
        <span className="dim">
          <Age at={ticket.updatedAt} />
        </span>
      </div>
      <Link to={ticketPath(ticket.key)} className="title">
        <bdi>{ticket.title}</bdi>
      </Link>
      {ticket.blocked !== null && <p className="flag bad">blocked: {ticket.blocked}</p>}
      {ticket.held !== null && (
        <p className="flag wait">
          held by {ticket.held.by}: {ticket.held.reason}
        </p>
      )}
      {waiting && ticket.blocked === null && <p className="flag">{waiting.text}</p>}
      {runs.map((run) => (
        <RunOfCard key={run.id} run={run} />
      ))}
    </li>
  );
}

function RunOfCard({ run }: { run: RunLine }) {
  return (
    <p className="card-run">
      <Status word={run.status} />
      <Link to={runPath(run.id)}>{run.name}</Link>
      <span className="evidence">
        {run.evidence}, <Age at={run.since} />
      </span>
    </p>
  );
}
