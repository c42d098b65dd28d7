import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Coalescer } from "./coalesce";

describe("a coalescer", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("hands a first item on at once and those of one period together", () => {
    const flushed: number[][] = [];
    const coalescer = new Coalescer<number>(100, (items) => flushed.push(items));
    coalescer.push([1]);
    vi.advanceTimersByTime(0);
    coalescer.push([2]);
    coalescer.push([3, 4]);
    vi.advanceTimersByTime(99);
    expect(flushed).toEqual([[1]]);
    vi.advanceTimersByTime(1);
    expect(flushed).toEqual([[1], [2, 3, 4]]);
  });

  it("flushes at most ten times a second, and loses nothing", () => {
    const flushed: number[][] = [];
    const coalescer = new Coalescer<number>(100, (items) => flushed.push(items));
    for (let i = 0; i < 1000; i++) {
      coalescer.push([i]);
      vi.advanceTimersByTime(1);
    }

    vi.advanceTimersByTime(100);
    expect(flushed.length).toBeLessThanOrEqual(11);
    expect(flushed.flat()).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  });

  it("forgets what waits when it is stopped", () => {
    const flushed: number[][] = [];
    const coalescer = new Coalescer<number>(100, (items) => flushed.push(items));
    coalescer.push([1]);
    coalescer.stop();
    vi.advanceTimersByTime(1000);
    expect(flushed).toEqual([]);
  });
});
