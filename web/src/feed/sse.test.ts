import { describe, expect, it } from "vitest";
import { SseParser } from "./sse";

const stream =
  ': drover\n\nid: e1-5\ndata: {"seq":5}\n\nevent: delta\ndata: {"a":"b: c"}\n\n: alive\n\nevent: end\ndata: one\ndata: two\n\n';

const messages = [
  { event: "message", id: "e1-5", data: '{"seq":5}' },
  { event: "delta", id: null, data: '{"a":"b: c"}' },
  { event: "end", id: null, data: "one\ntwo" },
];

describe("a stream of server-sent events", () => {
  it("gives its messages and passes over comments", () => {
    expect(new SseParser().push(stream)).toEqual(messages);
  });

  it("may be cut anywhere", () => {
    for (let size = 1; size < stream.length; size++) {
      const parser = new SseParser();
      const found = [];
      for (let at = 0; at < stream.length; at += size) found.push(...parser.push(stream.slice(at, at + size)));
      expect(found).toEqual(messages);
    }
  });

  it("holds back a message that is not whole", () => {
    const parser = new SseParser();
    expect(parser.push("data: x\n")).toEqual([]);
    expect(parser.push("\n")).toEqual([{ event: "message", id: null, data: "x" }]);
  });
});
