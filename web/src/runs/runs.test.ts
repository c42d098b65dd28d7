import { describe, expect, it } from "vitest";
import type { Entry, Run } from "../wire/types";
import { filterOf, shownRuns, staleRuns, statusCounts, withRuns } from "./runs";

const run = (id: string, more: Partial<Run> = {}): Run =>
  ({
    id,
    name: `coder-${id}`,
    project: "app",
    ticket: "APP-1",
    agent: "coder",
    model: null,
    status: "working",
    endedAt: null,
    createdAt: "2026-01-01T00:00:00Z",
    ...more,
  }) as Run;

describe("the list of runs", () => {
  const runs = [
    run("a"),
    run("b", { status: "failed", endedAt: "2026-01-02T00:00:00Z" }),
    run("c", { project: "lib", agent: "tester" }),
  ];

  it("is filtered by what the URL says", () => {
    const ids = (query: string) => shownRuns(runs, filterOf(new URLSearchParams(query))).map((each) => each.id);
    expect(ids("")).toEqual(["a", "b", "c"]);
    expect(ids("status=failed")).toEqual(["b"]);
    expect(ids("status=failed,working&project=app")).toEqual(["a", "b"]);
    expect(ids("q=TESTER")).toEqual(["c"]);
  });

  it("counts statuses", () => {
    expect(statusCounts(runs)).toEqual([
      ["working", 2],
      ["failed", 1],
    ]);
  });

  it("knows which runs to ask for anew", () => {
    expect(staleRuns(runs, [])).toEqual(["a", "c"]);
    expect(staleRuns(runs, [{ run: "b" }, { run: "b" }, { run: "z" }, { run: null }] as Entry[])).toEqual(["b", "z"]);
  });

  it("takes newer states, lets removed runs go and puts new ones first", () => {
    const fresh = new Map<string, Run | null>([
      ["a", run("a", { status: "idle" })],
      ["b", null],
      ["z", run("z")],
    ]);
    expect(withRuns(runs, fresh).map((each) => [each.id, each.status])).toEqual([
      ["z", "working"],
      ["a", "idle"],
      ["c", "working"],
    ]);
  });
});
