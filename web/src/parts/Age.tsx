import { useSyncExternalStore } from "react";
import { age, duration, moment } from "./text";

let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;

/** One clock for the whole page. */
function onSecond(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

export const useNow = (): number => useSyncExternalStore(onSecond, () => now);

/** How long ago something was; the moment itself on hover. */
export function Age({ at }: { at: string }) {
  const text = age(useNow() - Date.parse(at));
  return (
    <time dateTime={at} title={moment(at)}>
      {text}
    </time>
  );
}

/** How long something took, or has been taking until now. */
export function Lasting({ from, to }: { from: string; to: string | null }) {
  const until = useNow();
  return <span title={moment(from)}>{duration((to === null ? until : Date.parse(to)) - Date.parse(from))}</span>;
}
