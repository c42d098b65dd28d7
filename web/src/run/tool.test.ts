import { describe, expect, it } from "vitest";
import { gist, pretty } from "./tool";

describe("a tool call", () => {
  it("is told by the first text among its arguments", () => {
    expect(gist('{"timeout":5,"command":"ls -l"}')).toBe("ls -l");
    expect(gist('{"n":1}')).toBe('{"n":1}');
    expect(gist('{"command":"ls')).toBe('{"command":"ls');
    expect(gist("plain")).toBe("plain");
  });

  it("shows JSON on several lines and anything else as it is", () => {
    expect(pretty('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(pretty("<b>x</b>")).toBe("<b>x</b>");
  });
});
