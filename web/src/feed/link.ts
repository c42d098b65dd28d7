/** What the page knows of its connection to the server; shown as it is. Times are milliseconds since 1970. */
export type Link =
  | { readonly kind: "connecting" }
  | { readonly kind: "live" }
  | { readonly kind: "paused"; readonly asOf: number }
  | { readonly kind: "reconnecting"; readonly since: number; readonly asOf: number | null }
  | { readonly kind: "refused"; readonly why: string; readonly asOf: number | null };

let link: Link = { kind: "connecting" };
const listeners = new Set<() => void>();

export function setLink(next: Link): void {
  link = next;
  for (const listener of listeners) listener();
}

export const currentLink = (): Link => link;

export function onLink(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
