import { apiUrl, ask, type Query } from "../wire/api";
import type { Entry } from "../wire/types";
import { messages } from "./sse";

/** Stored entries in the journal's order. With `last: n` the newest n, with `before: cursor` too the newest n before it.
 * @throws ApiError */
export async function page(query: Query, signal: AbortSignal): Promise<Entry[]> {
  const response = await ask(apiUrl("/events", { ...query, follow: false }), { signal });
  const entries: Entry[] = [];
  if (!response.body) return entries;
  for await (const batch of messages(response.body, () => undefined))
    for (const m of batch) entries.push(JSON.parse(m.data) as Entry);
  return entries;
}
