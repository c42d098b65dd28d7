import { useMemo } from "react";
import { Link } from "../app/Link";
import { ticketPath } from "../app/route";
import { useLive } from "../feed/useLive";
import { Age } from "../parts/Age";
import { Failure } from "../parts/Failure";
import { LongText } from "../parts/LongText";
import { Status } from "../parts/Status";
import { moment, sha } from "../parts/text";
import type { Landing, Ticket } from "../wire/types";
import { Attempts } from "./Attempts";
import { Happenings } from "./Happenings";
import { ticketSource } from "./source";

export function TicketPage({ ticketKey }: { ticketKey: string }) {
  const { view, error } = useLive(useMemo(() => ticketSource(ticketKey), [ticketKey]));
  if (error && !view) return <Failure error={error} />;
  if (!view) return <p className="empty">Loading…</p>;
  const { ticket, why, landing, attempts, entries } = view;
  return (
    <article className="ticket-page">
      <header className="page-head">
        <p className="crumb">
          <span className="key">{ticket.key}</span> <span className="pill">{ticket.stage}</span>
        </p>
        <h1>
          <bdi>{ticket.title}</bdi>
        </h1>
      </header>
      <div className="split">
        <div>
          <p className={`why ${why.code}`}>{why.text}</p>
          {ticket.body !== "" && <LongText text={ticket.body} className="body" />}
          {ticket.criteria.length > 0 && (
            <section>
              <h2>Done when</h2>
              <ul className="criteria">
                {ticket.criteria.map((criterion, i) => (
                  <li key={i}>{criterion}</li>
                ))}
              </ul>
            </section>
          )}
          {isOnItsWay(landing, ticket) && <LandingLine landing={landing} />}
          <Attempts attempts={attempts} />
          <Happenings entries={entries} />
        </div>
        <Facts ticket={ticket} />
      </div>
    </article>
  );
}

/** Without a landing the server tells the ticket's stage in its place. */
const isOnItsWay = (landing: Landing, ticket: Ticket): boolean => landing.state !== ticket.stage;

function LandingLine({ landing }: { landing: Landing }) {
  return (
    <section>
      <h2>Landing</h2>
      <p>
        <Status word={landing.state} /> {landing.attempt}{" "}
        {landing.commit !== null && <code title={landing.commit}>{sha(landing.commit)}</code>}
      </p>
      {landing.reason !== null && <LongText text={landing.reason} className="code" />}
    </section>
  );
}

function Facts({ ticket }: { ticket: Ticket }) {
  return (
    <dl className="facts">
      <dt>Project</dt>
      <dd>{ticket.project}</dd>
      <dt>Kind</dt>
      <dd>{ticket.kind}</dd>
      <dt>Priority</dt>
      <dd>{ticket.priority}</dd>
      {ticket.agent !== null && (
        <>
          <dt>Agent</dt>
          <dd>{ticket.agent}</dd>
        </>
      )}
      {ticket.dependsOn.length > 0 && (
        <>
          <dt>Needs</dt>
          <dd>
            {ticket.dependsOn.map((need) => (
              <div key={need.ticket}>
                <Link to={ticketPath(need.ticket)} className="key">
                  {need.ticket}
                </Link>
              </div>
            ))}
          </dd>
        </>
      )}
      {ticket.blocked !== null && (
        <>
          <dt>Blocked</dt>
          <dd className="bad">{ticket.blocked}</dd>
        </>
      )}
      {ticket.held !== null && (
        <>
          <dt>Held</dt>
          <dd className="wait">
            by {ticket.held.by}: {ticket.held.reason}
          </dd>
        </>
      )}
      <dt>Filed</dt>
      <dd>{moment(ticket.createdAt)}</dd>
      <dt>Changed</dt>
      <dd>
        <Age at={ticket.updatedAt} /> ago
      </dd>
    </dl>
  );
}
