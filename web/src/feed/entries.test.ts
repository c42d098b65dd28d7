import { describe, expect, it } from "vitest";
import type { Entry } from "../wire/types";
import { afterLast, lineOf } from "./entries";

const entry = (data: Record<string, unknown>, seq?: number): Entry => ({
  type: "x",
  run: null,
  ticket: null,
  actor: null,
  at: "",
  data,
  ...(seq === undefined ? {} : { seq }),
});

describe("an entry in one line", () => {
  it("begins with how it ended and what was said", () => {
    expect(lineOf(entry({ commits: 2, outcome: "failed", class: "no_commits", reason: "nothing was committed" }))).toBe(
      "failed, no commits: nothing was committed · commits 2",
    );
    expect(lineOf(entry({ text: "slow down" }))).toBe("slow down");
  });

  it("names what it does not know", () => {
    expect(lineOf(entry({ from: "ready", to: "coding", none: null, list: ["a"] }))).toBe(
      'from ready · to coding · list ["a"]',
    );
    expect(lineOf(entry({}))).toBe("");
  });

  it("stays one line", () => {
    expect(lineOf(entry({ text: `a\nb${"c".repeat(1000)}` }), 10)).toBe("a bcccccc…");
  });
});

describe("entries after a snapshot", () => {
  it("are those that it does not hold, without deltas", () => {
    const known = [entry({}, 1), entry({}, 4)];
    expect(afterLast(known, [entry({}, 4), entry({}), entry({}, 5)]).map((e) => e.seq)).toEqual([5]);
    expect(afterLast([], [entry({}, 1)]).map((e) => e.seq)).toEqual([1]);
  });
});
