/** Asks again for stale parts: one question at a time, what becomes stale meanwhile is asked together afterwards. A failure is dropped: the parts stay as
 * they are, the link says that the server is away, and the next event or ageing asks again. */
export class Refetcher {
  private readonly stale = new Set<string>();
  private busy = false;

  constructor(
    private readonly refetch: (parts: readonly string[]) => Promise<void>,
    private readonly signal: AbortSignal,
    private readonly restMs = 250,
  ) {}

  want(parts: readonly string[]): void {
    for (const part of parts) this.stale.add(part);
    if (!this.busy && this.stale.size > 0) void this.work();
  }

  private async work(): Promise<void> {
    this.busy = true;
    while (this.stale.size > 0 && !this.signal.aborted) {
      const parts = [...this.stale];
      this.stale.clear();
      await this.refetch(parts).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, this.restMs));
    }

    this.busy = false;
  }
}
