import { describe, expect, it } from "vitest";
import type { Entry, RunLine, Status, Ticket } from "../wire/types";
import { columnsOf, staleParts } from "./board";

const ticket = (key: string, stage: string, more: Partial<Ticket> = {}): Ticket => ({
  key,
  project: "app",
  title: `Title of ${key}`,
  body: "",
  kind: "task",
  priority: 2,
  criteria: [],
  stage,
  blocked: null,
  held: null,
  agent: null,
  dependsOn: [],
  createdAt: "2026-01-01T00:00:00Z",
  updatedAt: "2026-01-01T00:00:00Z",
  ...more,
});

const run = { id: "r1", name: "coder-app-1", project: "app", ticket: "APP-1", status: "working" } as RunLine;

const status = {
  projects: [
    { id: "app", root: "/app", tickets: { coding: 1, backlog: 70 } },
    { id: "lib", root: "/lib", tickets: { backlog: 1 } },
  ],
  runs: [run],
  waiting: [{ ticket: "APP-3", title: "", stage: "review", text: "in review" }],
} as unknown as Status;

const board = (...tickets: Ticket[]) => ({ status, tickets: new Map(tickets.map((t) => [t.key, t])) });
const keys = (columns: ReturnType<typeof columnsOf>, stage: string) =>
  columns.find((column) => column.stage === stage)?.cards.map((card) => card.ticket.key);

describe("the board", () => {
  it("puts tickets into their stages with their runs and what waits", () => {
    const columns = columnsOf(board(ticket("APP-1", "coding"), ticket("APP-3", "review")), null, "");
    expect(columns.find((c) => c.stage === "coding")?.cards[0]?.runs).toEqual([run]);
    expect(columns.find((c) => c.stage === "review")?.cards[0]?.waiting?.text).toBe("in review");
  });

  it("says how many there are, also of those that are not loaded", () => {
    const column = columnsOf(board(ticket("APP-9", "backlog")), null, "").find((c) => c.stage === "backlog");
    expect(column).toMatchObject({ total: 71, loaded: 1 });
    expect(columnsOf(board(), "app", "").find((c) => c.stage === "backlog")?.total).toBe(70);
  });

  it("orders what waits by priority and age, and what is over by its end", () => {
    const columns = columnsOf(
      board(
        ticket("APP-1", "ready", { createdAt: "2026-01-03T00:00:00Z" }),
        ticket("APP-2", "ready", { createdAt: "2026-01-02T00:00:00Z" }),
        ticket("APP-3", "ready", { priority: 0, createdAt: "2026-01-04T00:00:00Z" }),
        ticket("APP-4", "done"),
        ticket("APP-5", "done", { updatedAt: "2026-01-09T00:00:00Z" }),
      ),
      null,
      "",
    );
    expect(keys(columns, "ready")).toEqual(["APP-3", "APP-2", "APP-1"]);
    expect(keys(columns, "done")).toEqual(["APP-5", "APP-4"]);
  });

  it("filters by project and by text", () => {
    const all = board(ticket("APP-1", "ready"), ticket("LIB-1", "ready", { project: "lib", title: "Fix the PARSER" }));
    expect(keys(columnsOf(all, "lib", ""), "ready")).toEqual(["LIB-1"]);
    expect(keys(columnsOf(all, null, " parser "), "ready")).toEqual(["LIB-1"]);
    expect(keys(columnsOf(all, null, "app-1"), "ready")).toEqual(["APP-1"]);
  });

  it("asks anew only for what an entry speaks of", () => {
    const entry = (type: string, of: string | null) => ({ type, ticket: of, run: null }) as Entry;
    expect(
      staleParts([entry("ticket.moved", "APP-1"), entry("run.live", "APP-1"), entry("ticket.added", "APP-2")]),
    ).toEqual(["status", "APP-1", "APP-2"]);
    expect(staleParts([])).toEqual(["status"]);
    expect(staleParts([entry("turn.ended", "APP-1")])).toEqual(["status"]);
  });
});
