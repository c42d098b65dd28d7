import { describe, expect, it } from "vitest";
import { age, dollars, duration, line, plural, short } from "./text";

describe("texts for people", () => {
  it("say a length of time in two units at most", () => {
    expect([0, 59_400, 60_000, 200_000, 3_600_000, 7_500_000, 100_000_000].map(duration)).toEqual([
      "0 s",
      "59 s",
      "1 min",
      "3 min 20 s",
      "1 h",
      "2 h 5 min",
      "1 d 3 h",
    ]);
    expect(duration(-5)).toBe("0 s");
    expect(age(200_000)).toBe("3 min");
  });

  it("keep what matters of a small sum", () => {
    expect([0, 0.000012, 0.0042, 0.5, 12.345].map(dollars)).toEqual(["$0", "$0.000012", "$0.0042", "$0.50", "$12.35"]);
  });

  it("shorten numbers", () => {
    expect([0, 999, 1234, 34_400, 1_250_000, 25_000_000].map(short)).toEqual([
      "0",
      "999",
      "1.2k",
      "34k",
      "1.3M",
      "25M",
    ]);
    expect([plural(1, "file"), plural(2, "file")]).toEqual(["1 file", "2 files"]);
  });

  it("put a text on one line", () => {
    expect(line("a\n  b\tc", 10)).toBe("a b c");
    expect(line("abcdefgh", 5)).toBe("abcd…");
  });
});
