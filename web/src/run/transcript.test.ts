import { describe, expect, it } from "vitest";
import type { Entry } from "../wire/types";
import { appended, emptyTranscript, prepended, visible, withoutLive } from "./transcript";

const entry = (seq: number, type: string, data: Record<string, unknown> = {}): Entry => ({
  seq,
  cursor: `e1-${seq.toString(16)}`,
  type,
  run: "r",
  ticket: "APP-1",
  actor: "human:ada",
  at: "2026-01-02T03:04:05Z",
  data,
});

const delta = (text: string, thought = false): Entry => ({
  type: "delta",
  run: "r",
  ticket: "APP-1",
  actor: null,
  at: "",
  data: { text, thought },
});

const told: Entry[] = [
  entry(1, "turn.started"),
  entry(2, "thought", { text: "hm" }),
  entry(3, "tool.called", { call: "c1", tool: "Bash", input: '{"command":"ls"}' }),
  entry(4, "steer.queued", { steer: "s1", mode: "now", text: "use tabs" }),
  entry(5, "tool.returned", { call: "c1", output: "a.txt", error: false }),
  entry(6, "steer.written", { steer: "s1" }),
  entry(7, "text", { text: "done" }),
  entry(8, "steer.acknowledged", { steer: "s1" }),
  entry(9, "usage", { input: 10, output: 5, cacheRead: 3, cacheWrite: 1, usd: 0.01 }),
  entry(10, "turn.ended", { outcome: "succeeded", reason: "the turn ended" }),
];

const whole = appended(emptyTranscript, told);

describe("a transcript", () => {
  it("puts a tool's result to its call and a message's fate to the message", () => {
    expect(whole.items.map((item) => item.key)).toEqual(["1", "2", "tool c1", "steer s1", "7", "9", "10"]);
    expect(whole.items[2]).toMatchObject({ kind: "tool", tool: "Bash", output: "a.txt", isError: false, seq: 3 });
    expect(whole.items[3]).toMatchObject({ kind: "steer", text: "use tabs", mode: "now", state: "acknowledged" });
  });

  it("is the same however the entries come in batches", () => {
    for (let size = 1; size <= told.length; size++) {
      let transcript = emptyTranscript;
      for (let at = 0; at < told.length; at += size) transcript = appended(transcript, told.slice(at, at + size));
      expect(transcript).toEqual(whole);
    }
  });

  it("is the same when its older part is loaded later, wherever it is cut", () => {
    for (let cut = 1; cut < told.length; cut++) {
      const newest = appended(emptyTranscript, told.slice(cut));
      expect(prepended(newest, told.slice(0, cut), false)).toEqual(whole);
    }
  });

  it("takes an entry once that the snapshot and the feed both tell", () => {
    expect(appended(whole, told.slice(4))).toEqual(whole);
  });

  it("shows a result whose call is not loaded", () => {
    const { items } = appended(emptyTranscript, told.slice(4, 5));
    expect(items).toMatchObject([{ kind: "tool", tool: null, output: "a.txt" }]);
  });

  it("does not change the view it began from", () => {
    const before = appended(emptyTranscript, told.slice(0, 3));
    const items = [...before.items];
    appended(before, told.slice(3));
    expect(before.items).toEqual(items);
  });

  it("keeps what is being written until the whole of it comes", () => {
    let transcript = appended(emptyTranscript, [delta("Hel"), delta("hm", true), delta("lo")]);
    expect(transcript.live).toEqual({ text: "Hello", thought: "hm" });
    transcript = appended(transcript, [entry(1, "thought", { text: "hmm" })]);
    expect(transcript.live).toEqual({ text: "Hello", thought: "" });
    transcript = appended(transcript, [entry(2, "text", { text: "Hello!" })]);
    expect(transcript.live).toEqual({ text: "", thought: "" });
  });

  it("forgets a half-heard text when the stream was interrupted or the turn ended", () => {
    const half = appended(emptyTranscript, [delta("Hel")]);
    expect(withoutLive(half).live.text).toBe("");
    expect(appended(half, [entry(1, "turn.ended", {})]).live.text).toBe("");
  });

  it("knows the numbers and the cursor of what is loaded", () => {
    expect(whole).toMatchObject({ first: 1, last: 10, start: "e1-1" });
  });

  it("survives data that has nothing of what belongs there", () => {
    const odd = [
      "text",
      "thought",
      "tool.called",
      "tool.returned",
      "usage",
      "steer.queued",
      "limit",
      "raw",
      "of.the.future",
    ];
    expect(
      appended(
        emptyTranscript,
        odd.map((type, i) => entry(i + 1, type)),
      ).items.length,
    ).toBeGreaterThan(0);
  });

  it("hides kinds of lines", () => {
    const items = appended(whole, [entry(11, "raw", { message: "{}" })]).items;
    expect(visible(items, ["tool", "raw", "usage"]).map((item) => item.key)).toEqual(["1", "2", "steer s1", "7", "10"]);
    expect(visible(items, [])).toBe(items);
  });
});
