/** Texts for people, from values of the API. */

const clockFormat = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const dayFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23" });
const numberFormat = new Intl.NumberFormat(undefined);

export const clock = (at: string | number): string => clockFormat.format(new Date(at));
export const moment = (at: string | number): string => dayFormat.format(new Date(at));
export const count = (n: number): string => numberFormat.format(n);

/** "1 file", "3 files". */
export const plural = (n: number, one: string): string => `${count(n)} ${one}${n === 1 ? "" : "s"}`;

/** A length of time in two units at most: "4 s", "3 min 20 s", "2 h 5 min", "3 d 4 h". */
export function duration(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3600) return two(Math.floor(s / 60), "min", s % 60, "s");
  if (s < 86_400) return two(Math.floor(s / 3600), "h", Math.floor((s % 3600) / 60), "min");
  return two(Math.floor(s / 86_400), "d", Math.floor((s % 86_400) / 3600), "h");
}

const two = (a: number, unit: string, b: number, smaller: string): string =>
  b === 0 ? `${a} ${unit}` : `${a} ${unit} ${b} ${smaller}`;

/** A length of time in one unit, for lists. */
export const age = (ms: number): string => duration(ms).split(" ").slice(0, 2).join(" ");

/** US dollars; small sums keep what matters of them. */
export function dollars(usd: number): string {
  if (usd === 0) return "$0";
  return `$${usd.toFixed(usd >= 0.1 ? 2 : usd >= 0.001 ? 4 : 6)}`;
}

/** 950, 1.2k, 34k, 1.2M. */
export function short(n: number): string {
  if (n < 1000) return String(n);
  if (n < 1_000_000) return `${(n / 1000).toFixed(n < 10_000 ? 1 : 0)}k`;
  return `${(n / 1_000_000).toFixed(n < 10_000_000 ? 1 : 0)}M`;
}

/** One line of at most so many characters. */
export function line(text: string, most: number): string {
  const flat = text
    .slice(0, most * 2)
    .replace(/\s+/g, " ")
    .trim();
  return flat.length <= most ? flat : `${flat.slice(0, most - 1)}…`;
}

/** The first seven digits of a commit. */
export const sha = (commit: string): string => commit.slice(0, 7);

/** "needs_input" → "needs input". */
export const words = (word: string): string => word.replaceAll("_", " ");
