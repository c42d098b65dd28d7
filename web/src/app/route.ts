import { useSyncExternalStore } from "react";

export type Route =
  | { readonly page: "tickets" }
  | { readonly page: "ticket"; readonly key: string }
  | { readonly page: "runs" }
  | { readonly page: "run"; readonly id: string }
  | { readonly page: "nowhere" };

export function routeOf(pathname: string): Route {
  const [first, second, third] = pathname.split("/").filter((part) => part !== "");
  if (third !== undefined) return { page: "nowhere" };
  if (first === undefined) return { page: "tickets" };
  if (first === "tickets") return second === undefined ? { page: "tickets" } : { page: "ticket", key: decode(second) };
  if (first === "runs") return second === undefined ? { page: "runs" } : { page: "run", id: decode(second) };
  return { page: "nowhere" };
}

export const ticketPath = (key: string): string => `/tickets/${encodeURIComponent(key)}`;
export const runPath = (id: string): string => `/runs/${encodeURIComponent(id)}`;

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The browser's own back and forward, and our own steps. */
const moved = new EventTarget();

export function go(href: string, how: "push" | "replace" = "push"): void {
  if (how === "push") {
    window.history.pushState(null, "", href);
    window.scrollTo(0, 0);
  } else window.history.replaceState(null, "", href);
  moved.dispatchEvent(new Event("moved"));
}

function onMove(listener: () => void): () => void {
  moved.addEventListener("moved", listener);
  window.addEventListener("popstate", listener);
  return () => {
    moved.removeEventListener("moved", listener);
    window.removeEventListener("popstate", listener);
  };
}

export const usePathname = (): string => useSyncExternalStore(onMove, () => window.location.pathname);
export const useSearch = (): string => useSyncExternalStore(onMove, () => window.location.search);
