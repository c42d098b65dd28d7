import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Refetcher } from "./refetch";

describe("a refetcher", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("asks once for all that became stale while it was asking", async () => {
    const asked: string[][] = [];
    const refetcher = new Refetcher(async (parts) => void asked.push([...parts]), new AbortController().signal);
    refetcher.want(["a"]);
    refetcher.want(["b", "c"]);
    refetcher.want(["b"]);
    await vi.runAllTimersAsync();
    expect(asked).toEqual([["a"], ["b", "c"]]);
  });

  it("goes on after a failure", async () => {
    const asked: string[][] = [];
    const refetcher = new Refetcher(async (parts) => {
      asked.push([...parts]);
      throw new Error("away");
    }, new AbortController().signal);
    refetcher.want(["a"]);
    await vi.runAllTimersAsync();
    refetcher.want(["b"]);
    await vi.runAllTimersAsync();
    expect(asked).toEqual([["a"], ["b"]]);
  });
});
