import { line, words } from "../parts/text";
import type { Entry } from "../wire/types";

/** Of the new entries those that are stored and younger than what is there: a snapshot may already hold what the feed tells next. */
export function afterLast(known: readonly Entry[], entries: readonly Entry[]): readonly Entry[] {
  const last = known.findLast((entry) => entry.seq !== undefined)?.seq ?? 0;
  return entries.filter((entry) => entry.seq !== undefined && entry.seq > last);
}

/** A member of an entry's data as text; "" when it is not there. */
export function textOf(entry: Entry, name: string): string {
  const value = entry.data[name];
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value);
}

export function numberOf(entry: Entry, name: string): number {
  const value = entry.data[name];
  return typeof value === "number" ? value : 0;
}

export const flagOf = (entry: Entry, name: string): boolean => entry.data[name] === true;

/** An entry's data in one line: how something ended or what was said first, then the other members as they are. */
export function lineOf(entry: Entry, most = 300): string {
  const head = ["outcome", "class", "level"].map((name) => textOf(entry, name)).filter((text) => text !== "");
  const said = ["text", "reason", "why"].map((name) => textOf(entry, name)).filter((text) => text !== "");
  const first = [head.map(words).join(", "), said.join(" · ")].filter((text) => text !== "").join(": ");
  const others = Object.entries(entry.data)
    .filter(([name, value]) => !spoken.has(name) && value !== null && value !== "")
    .map(([name]) => `${words(name)} ${textOf(entry, name)}`);
  return line([first, ...others].filter((text) => text !== "").join(" · "), most);
}

const spoken = new Set(["outcome", "class", "level", "text", "reason", "why"]);
