import { flagOf, textOf } from "../feed/entries";
import type { Entry } from "../wire/types";
import { type Item, itemOf, merged } from "./items";

/** What is loaded of a run's events, as lines; and what the agent is writing at this moment. */
export interface Transcript {
  readonly items: readonly Item[];
  /** Where each key's line stands in `items`. */
  readonly places: ReadonlyMap<string, number>;
  /** The numbers of the oldest and the newest entry that is loaded; 0 without one. */
  readonly first: number;
  readonly last: number;
  /** The cursor of the oldest one, for asking what stands before it. */
  readonly start: string | null;
  /** Whether older entries exist that are not loaded. */
  readonly more: boolean;
  readonly live: { readonly text: string; readonly thought: string };
}

const silent = { text: "", thought: "" };

/** What an agent writes without a pause is cut at the front beyond this; the whole of it comes as an entry. */
const liveCharacters = 16_000;

export const emptyTranscript: Transcript = {
  items: [],
  places: new Map(),
  first: 0,
  last: 0,
  start: null,
  more: false,
  live: silent,
};

/** The transcript after these entries and deltas. Entries that it already holds change nothing. */
export function appended(transcript: Transcript, entries: readonly Entry[]): Transcript {
  const items = [...transcript.items];
  const places = new Map(transcript.places);
  let { first, last, start, live } = transcript;
  for (const entry of entries) {
    if (entry.seq === undefined) {
      live = withDelta(live, entry);
      continue;
    }

    if (entry.seq <= last) continue;
    last = entry.seq;
    if (first === 0) {
      first = entry.seq;
      start = entry.cursor ?? null;
    }

    live = after(live, entry);
    const item = itemOf(entry);
    const place = places.get(item.key);
    const known = place === undefined ? undefined : items[place];
    if (place !== undefined && known) items[place] = merged(known, item);
    else {
      places.set(item.key, items.length);
      items.push(item);
    }
  }

  return { ...transcript, items, places, first, last, start, live };
}

/** The transcript with an older page before it.
 * @param more whether there are still older ones */
export function prepended(transcript: Transcript, entries: readonly Entry[], more: boolean): Transcript {
  const before = entries.filter(
    (entry) => entry.seq !== undefined && (transcript.first === 0 || entry.seq < transcript.first),
  );
  if (before.length === 0) return { ...transcript, more };
  const older = appended(emptyTranscript, before);
  const newer = new Map(transcript.items.map((item) => [item.key, item]));
  const items = older.items.map((item) => {
    const completion = newer.get(item.key);
    return completion ? merged(item, completion) : item;
  });
  for (const item of transcript.items) if (!older.places.has(item.key)) items.push(item);
  return {
    ...transcript,
    items,
    places: new Map(items.map((item, i) => [item.key, i])),
    first: older.first,
    last: Math.max(transcript.last, older.last),
    start: older.start,
    more,
  };
}

/** After an interruption of the stream: pieces were missed, so the rest of a half-heard text would be wrong. */
export const withoutLive = (transcript: Transcript): Transcript =>
  transcript.live === silent ? transcript : { ...transcript, live: silent };

function withDelta(live: Transcript["live"], delta: Entry): Transcript["live"] {
  const member = flagOf(delta, "thought") ? "thought" : "text";
  return { ...live, [member]: (live[member] + textOf(delta, "text")).slice(-liveCharacters) };
}

function after(live: Transcript["live"], entry: Entry): Transcript["live"] {
  if (live === silent) return live;
  if (entry.type === "text") return { ...live, text: "" };
  if (entry.type === "thought") return { ...live, thought: "" };
  return entry.type === "turn.ended" || entry.type === "run.settled" ? silent : live;
}

/** The kinds of lines that can be hidden. */
export const hideable = ["thought", "tool", "usage", "raw"] as const;

export function visible(items: readonly Item[], hidden: readonly string[]): readonly Item[] {
  if (hidden.length === 0) return items;
  return items.filter(
    (item) => !hidden.includes(item.kind) && !(item.kind === "note" && item.tone === "raw" && hidden.includes("raw")),
  );
}
