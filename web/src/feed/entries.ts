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

/** An entry's data in one line: its members as they are, for types that have no view of their own. */
export function lineOf(entry: Entry, most = 300): string {
  const members = Object.entries(entry.data).filter(([, value]) => value !== null && value !== "");
  if (members.length === 1) return line(textOf(entry, members[0]?.[0] ?? ""), most);
  return line(members.map(([name]) => `${words(name)}: ${textOf(entry, name)}`).join(" · "), most);
}
