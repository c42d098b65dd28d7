import { ApiError, apiUrl, ask, type Query } from "../wire/api";
import type { Entry } from "../wire/types";
import { type Link, setLink } from "./link";
import { messages } from "./sse";

/** The server says something at least every 15 s; after this long a silent connection is taken for dead. */
const silenceMs = 40_000;
const longestWaitMs = 5_000;

export interface Follower {
  readonly query: Query;
  readonly after: string;
  /** Entries in the journal's order, each once, and live deltas. */
  readonly take: (entries: Entry[]) => void;
  /** The stream (re)starts: deltas may have been missed. */
  readonly opened: () => void;
  /** The cursor is no longer good: a new snapshot is needed. */
  readonly lost: () => void;
}

/** Follows the feed until aborted; reconnects by itself with the last id it has seen. Says on the link how it is going. */
export async function follow(follower: Follower, signal: AbortSignal): Promise<void> {
  let cursor = follower.after;
  let asOf = Date.now();
  let since: number | null = null;
  let failures = 0;
  const say = (link: Link) => {
    if (!signal.aborted) setLink(link);
  };

  while (!signal.aborted) {
    const silence = new Silence(signal);
    try {
      const response = await ask(apiUrl("/events", follower.query), {
        headers: { "Last-Event-ID": cursor },
        signal: silence.signal,
      });
      if (!response.body) throw new ApiError(0, "unreachable", "the server sent no stream");
      failures = 0;
      since = null;
      follower.opened();
      say({ kind: "live" });
      const alive = () => {
        asOf = Date.now();
        silence.restart();
      };
      for await (const batch of messages(response.body, alive)) {
        follower.take(batch.filter((m) => m.event !== "end").map((m) => JSON.parse(m.data) as Entry));
        cursor = batch.findLast((m) => m.id !== null)?.id ?? cursor;
        if (batch.some((m) => m.event === "end" && m.data.includes('"pruned"'))) return follower.lost();
        if (batch.some((m) => m.event === "end" && m.data.includes('"settled"'))) return;
      }
    } catch (e) {
      if (signal.aborted) return;
      if (e instanceof ApiError && e.code === "cursor_invalid") return follower.lost();
      if (e instanceof ApiError && e.status >= 400 && e.status < 500)
        return say({ kind: "refused", why: e.message, asOf });
    } finally {
      silence.stop();
    }

    since ??= Date.now();
    say({ kind: "reconnecting", since, asOf });
    await pause(Math.min(longestWaitMs, 200 * 2 ** failures++), signal);
  }
}

/** Aborts when nothing was heard for too long, or with its parent. */
class Silence {
  private readonly controller = new AbortController();
  private timer: ReturnType<typeof setTimeout>;
  private readonly abort = () => this.controller.abort();

  constructor(private readonly parent: AbortSignal) {
    parent.addEventListener("abort", this.abort);
    this.timer = setTimeout(this.abort, silenceMs);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  restart(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.abort, silenceMs);
  }

  /** Also ends a stream that is still open. */
  stop(): void {
    clearTimeout(this.timer);
    this.parent.removeEventListener("abort", this.abort);
    this.controller.abort();
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
