import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Item } from "./items";
import { TranscriptLine } from "./TranscriptLine";
import type { Transcript } from "./transcript";

interface Props {
  readonly items: readonly Item[];
  readonly live: Transcript["live"];
  readonly more: boolean;
  /** The cursor of the oldest entry that is loaded. */
  readonly start: string | null;
  readonly loadOlder: (signal: AbortSignal) => Promise<void>;
}

/** Only the lines in sight are in the document, however many there are. It begins at the newest line and stays there until somebody scrolls up. */
export function TranscriptView({ items, live, more, start, loadOlder }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => 30,
    getItemKey: (i) => items[i]?.key ?? i,
    overscan: 12,
    anchorTo: "end",
    followOnAppend: true,
    scrollEndThreshold: 40,
    useFlushSync: false,
  });
  const toggle = useCallback(
    (key: string) =>
      setOpen((now) => {
        const next = new Set(now);
        if (!next.delete(key)) next.add(key);
        return next;
      }),
    [],
  );
  const hasItems = items.length > 0;
  const [begun, setBegun] = useState(false);
  useEffect(() => {
    if (!hasItems) return;
    virtualizer.scrollToEnd();
    // The lines in sight are those of the end only in the frame after the box has scrolled.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => setBegun(true));
    });
    return () => cancelAnimationFrame(frame);
  }, [hasItems, virtualizer]);
  const rows = virtualizer.getVirtualItems();
  useOlder(begun && more && (rows[0]?.index ?? 0) < 20, start, loadOlder);
  const isLive = live.text !== "" || live.thought !== "";
  const atEnd = !hasItems || virtualizer.isAtEnd(60);
  return (
    <div className="transcript-frame">
      <section className="transcript" ref={box} tabIndex={0} aria-label="Transcript">
        {!more && <p className="begin">{hasItems ? "beginning of the run" : "nothing has happened yet"}</p>}
        {more && <p className="begin">loading older…</p>}
        <div className="lines" style={{ height: virtualizer.getTotalSize() }}>
          {rows.map((row) => {
            const item = items[row.index];
            return (
              item && (
                <div
                  key={row.key}
                  data-index={row.index}
                  ref={virtualizer.measureElement}
                  className="row"
                  style={{ transform: `translateY(${row.start}px)` }}
                >
                  <TranscriptLine item={item} isOpen={open.has(item.key)} toggle={toggle} />
                </div>
              )
            );
          })}
        </div>
      </section>
      {isLive && (
        <div className="live" aria-live="off" data-testid="live">
          {live.thought !== "" && <div className="thought">{live.thought}</div>}
          {live.text !== "" && <div>{live.text}</div>}
        </div>
      )}
      {!atEnd && (
        <button type="button" className="to-end" onClick={() => virtualizer.scrollToEnd()}>
          ↓ newest
        </button>
      )}
    </div>
  );
}

/** Loads the page before when its place comes near; once for each start. A failure is tried again when the reader scrolls on. */
function useOlder(wanted: boolean, start: string | null, loadOlder: (signal: AbortSignal) => Promise<void>): void {
  const asked = useRef<string | null>(null);
  useEffect(() => {
    if (!wanted || start === null || asked.current === start) return;
    asked.current = start;
    const controller = new AbortController();
    loadOlder(controller.signal).catch(() => {
      asked.current = null;
    });
  }, [wanted, start, loadOlder]);
}
