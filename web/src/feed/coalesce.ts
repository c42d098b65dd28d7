/** Gathers items and hands them on at most once per period: the first at once, the others together. */
export class Coalescer<T> {
  private waiting: T[] = [];
  private timer: ReturnType<typeof setTimeout> | null = null;
  private last = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly periodMs: number,
    private readonly flush: (items: T[]) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  push(items: readonly T[]): void {
    for (const item of items) this.waiting.push(item);
    if (this.waiting.length === 0 || this.timer !== null) return;
    this.timer = setTimeout(() => this.handOn(), Math.max(0, this.last + this.periodMs - this.now()));
  }

  /** Forgets what waits. */
  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.waiting = [];
  }

  private handOn(): void {
    const items = this.waiting;
    this.waiting = [];
    this.timer = null;
    this.last = this.now();
    this.flush(items);
  }
}
