import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError, type Query } from "../wire/api";
import type { Entry } from "../wire/types";
import { Coalescer } from "./coalesce";
import { follow } from "./follow";
import { setLink } from "./link";
import { Refetcher } from "./refetch";

/** Where a page's view comes from: a snapshot, then what the feed tells. */
export interface Source<V> {
  /** What of the feed is wanted. */
  readonly query: Query;
  /** The snapshot, and a cursor that is not younger than anything in it. */
  readonly load: (signal: AbortSignal) => Promise<{ view: V; cursor: string }>;
  /** The view after these entries. */
  readonly fold: (view: V, entries: readonly Entry[]) => V;
  /** The view after the stream was interrupted. */
  readonly opened?: (view: V) => V;
  /** Names of the parts that these entries make stale; with no entries, of those that age by themselves. */
  readonly stale: (view: V, entries: readonly Entry[]) => readonly string[];
  /** Asks the server for stale parts anew. */
  readonly refetch: (parts: readonly string[], signal: AbortSignal) => Promise<(view: V) => V>;
}

export interface Loaded<V> {
  readonly view: V | null;
  /** Why there is no view. */
  readonly error: ApiError | null;
  readonly update: (change: (view: V) => V) => void;
}

const foldMs = 100;
const ageMs = 10_000;
/** A hidden page gives up its connection after this long: browsers allow only a few to one server. */
const hiddenMs = 30_000;

/** Loads the source's view and keeps it current. `source` must be stable (useMemo); a new one starts anew. */
export function useLive<V>(source: Source<V>): Loaded<V> {
  const [state, setState] = useState<{ source: Source<V>; view: V | null; error: ApiError | null }>({
    source,
    view: null,
    error: null,
  });
  const view = useRef<V | null>(null);
  const [round, setRound] = useState(0);
  const downSince = useRef<number | null>(null);
  const show = useCallback(
    (next: V) => {
      view.current = next;
      setState({ source, view: next, error: null });
    },
    [source],
  );
  const update = useCallback(
    (change: (view: V) => V) => {
      if (view.current !== null) show(change(view.current));
    },
    [show],
  );

  // A new round is a new snapshot of the same source.
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const again = () => setRound((n) => n + 1);
    const refetcher = new Refetcher(async (parts) => update(await source.refetch(parts, signal)), signal);
    const coalescer = new Coalescer<Entry>(foldMs, (entries) => {
      update((v) => source.fold(v, entries));
      if (view.current !== null) refetcher.want(source.stale(view.current, entries));
    });
    const ageing = setInterval(() => {
      if (view.current !== null && !document.hidden) refetcher.want(source.stale(view.current, []));
    }, ageMs);
    const stopWatching = whenHidden(
      hiddenMs,
      () => {
        controller.abort();
        setLink({ kind: "paused", asOf: Date.now() });
      },
      again,
    );

    view.current = null;
    setLink({ kind: "connecting" });
    source.load(signal).then(
      ({ view: loaded, cursor }) => {
        if (signal.aborted) return;
        downSince.current = null;
        show(loaded);
        void follow(
          {
            query: source.query,
            after: cursor,
            take: (e) => coalescer.push(e),
            opened: () => update((v) => source.opened?.(v) ?? v),
            lost: again,
          },
          signal,
        );
      },
      (e: unknown) => {
        if (signal.aborted) return;
        const error = e instanceof ApiError ? e : new ApiError(0, "broken", String(e));
        setState((s) => ({ source, view: s.source === source ? s.view : null, error }));
        if (error.status >= 400 && error.status < 500) setLink({ kind: "refused", why: error.message, asOf: null });
        else {
          setLink({ kind: "reconnecting", since: (downSince.current ??= Date.now()), asOf: null });
          setTimeout(() => !signal.aborted && again(), 2000);
        }
      },
    );
    return () => {
      controller.abort();
      coalescer.stop();
      clearInterval(ageing);
      stopWatching();
    };
  }, [source, round, show, update]);

  // A view of the former source is not shown under the new one's name.
  return state.source === source
    ? { view: state.view, error: state.error, update }
    : { view: null, error: null, update };
}

function whenHidden(afterMs: number, hide: () => void, back: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let hidden = false;
  const look = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (document.hidden && !hidden) {
      timer = setTimeout(() => {
        hidden = true;
        hide();
      }, afterMs);
    } else if (!document.hidden && hidden) back();
  };
  document.addEventListener("visibilitychange", look);
  look();
  return () => {
    if (timer !== null) clearTimeout(timer);
    document.removeEventListener("visibilitychange", look);
  };
}
