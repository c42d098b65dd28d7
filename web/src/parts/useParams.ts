import { useCallback } from "react";
import { go, useSearch } from "../app/route";

export type Change = Readonly<Record<string, string | null>>;

/** A query string after a change: null or an empty text takes a filter away, the others stay as they are. */
export function changed(search: string, change: Change): string {
  const params = new URLSearchParams(search);
  for (const [name, value] of Object.entries(change)) {
    if (value === null || value === "") params.delete(name);
    else params.set(name, value);
  }

  return params.size === 0 ? "" : `?${params}`;
}

/** A list in one parameter: "a,b". */
export const listOf = (text: string | null): readonly string[] => (text === null || text === "" ? [] : text.split(","));

/** The list with the word in it, or without it when it was there; null when it is empty. */
export function toggled(list: readonly string[], word: string): string | null {
  const next = list.includes(word) ? list.filter((each) => each !== word) : [...list, word];
  return next.length === 0 ? null : next.join(",");
}

/** The page's filters. They live in the URL, so that a link shows what its sender saw. */
export function useParams(): [URLSearchParams, (change: Change) => void] {
  const search = useSearch();
  const set = useCallback((change: Change) => {
    const { pathname, search: now } = window.location;
    go(pathname + changed(now, change), "replace");
  }, []);
  return [new URLSearchParams(search), set];
}
