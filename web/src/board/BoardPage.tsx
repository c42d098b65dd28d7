import { useMemo } from "react";
import { useLive } from "../feed/useLive";
import { Failure } from "../parts/Failure";
import { count } from "../parts/text";
import { useParams } from "../parts/useParams";
import type { Board } from "./board";
import { type Column, columnsOf } from "./board";
import { boardSource } from "./source";
import { TicketCard } from "./TicketCard";

/** Tickets by stage. */
export function BoardPage() {
  const [params, setParams] = useParams();
  const project = params.get("project");
  const text = params.get("q") ?? "";
  const more = params.get("more");
  const { view, error } = useLive(useMemo(() => boardSource(project, more), [project, more]));
  const columns = useMemo(() => (view ? columnsOf(view, project, text) : []), [view, project, text]);
  if (error && !view) return <Failure error={error} />;
  if (!view) return <p className="empty">Loading…</p>;
  if (view.status.projects.length === 0) return <NoProject />;
  return (
    <div className="board-page">
      <search className="filters">
        <input
          type="search"
          value={text}
          placeholder="Filter by key or title"
          aria-label="Filter tickets by key or title"
          onChange={(e) => setParams({ q: e.target.value })}
        />
        <Projects board={view} project={project} choose={(id) => setParams({ project: id })} />
        <Summary board={view} />
      </search>
      <div className="board">
        {columns
          .filter((column) => column.total > 0 || (column.stage !== "cancelled" && text === ""))
          .map((column) => (
            <StageColumn key={column.stage} column={column} showAll={() => setParams({ more: column.stage })} />
          ))}
      </div>
    </div>
  );
}

function StageColumn({ column, showAll }: { column: Column; showAll: () => void }) {
  const { stage, cards, total, loaded } = column;
  return (
    <section className="stage" aria-label={`${stage}, ${total}`} data-stage={stage}>
      <h2>
        {stage} <span className="count">{count(total)}</span>
      </h2>
      {cards.length === 0 ? (
        <p className="none">none</p>
      ) : (
        <ul>
          {cards.map((card) => (
            <TicketCard key={card.ticket.key} card={card} />
          ))}
        </ul>
      )}
      {loaded < total && (
        <button type="button" className="more" onClick={showAll}>
          show all {count(total)}
        </button>
      )}
    </section>
  );
}

function Projects({
  board,
  project,
  choose,
}: {
  board: Board;
  project: string | null;
  choose: (id: string | null) => void;
}) {
  if (board.status.projects.length < 2 && project === null) return null;
  return (
    <select value={project ?? ""} aria-label="Project" onChange={(e) => choose(e.target.value || null)}>
      <option value="">all projects</option>
      {board.status.projects.map((each) => (
        <option key={each.id} value={each.id}>
          {each.id}
        </option>
      ))}
    </select>
  );
}

function Summary({ board }: { board: Board }) {
  const { runs, waiting } = board.status;
  return (
    <p className="summary">
      {count(runs.length)} at work · {count(waiting.length)} waiting for you
    </p>
  );
}

function NoProject() {
  return (
    <section className="failure">
      <h1>No project yet</h1>
      <p>
        Run <code>drover init</code> and <code>drover up</code> in a repository; then file something to do with{" "}
        <code>drover ticket add</code>.
      </p>
    </section>
  );
}
