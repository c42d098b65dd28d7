import { useEffect } from "react";
import { BoardPage } from "../board/BoardPage";
import { ConnectionState } from "../parts/ConnectionState";
import { RunPage } from "../run/RunPage";
import { RunsPage } from "../runs/RunsPage";
import { TicketPage } from "../ticket/TicketPage";
import { Link } from "./Link";
import { type Route, routeOf, usePathname } from "./route";

export function App() {
  const route = routeOf(usePathname());
  const title = titleOf(route);
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <header className="bar">
        <Link to="/" className="brand">
          Drover
        </Link>
        <nav aria-label="Pages">
          <Link to="/" current={route.page === "tickets" || route.page === "ticket"}>
            Tickets
          </Link>
          <Link to="/runs" current={route.page === "runs" || route.page === "run"}>
            Runs
          </Link>
        </nav>
        <ConnectionState />
      </header>
      <main id="main" tabIndex={-1}>
        <Page route={route} />
      </main>
    </>
  );
}

function Page({ route }: { route: Route }) {
  switch (route.page) {
    case "tickets":
      return <BoardPage />;
    case "ticket":
      return <TicketPage key={route.key} ticketKey={route.key} />;
    case "runs":
      return <RunsPage />;
    case "run":
      return <RunPage key={route.id} id={route.id} />;
    case "nowhere":
      return <p className="empty">There is nothing at this address.</p>;
  }
}

function titleOf(route: Route): string {
  switch (route.page) {
    case "tickets":
      return "Tickets · Drover";
    case "ticket":
      return `${route.key} · Drover`;
    case "runs":
      return "Runs · Drover";
    case "run":
      return `${route.id} · Drover`;
    case "nowhere":
      return "Drover";
  }
}
