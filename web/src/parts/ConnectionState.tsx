import { useSyncExternalStore } from "react";
import { currentLink, type Link, onLink } from "../feed/link";
import { clock } from "./text";

/** Says how current the page is. */
export function ConnectionState() {
  const link = useSyncExternalStore(onLink, currentLink);
  return (
    <output
      className="link"
      data-link={link.kind}
      aria-live="polite"
      title={link.kind === "refused" ? link.why : undefined}
    >
      {linkText(link)}
    </output>
  );
}

export function linkText(link: Link): string {
  switch (link.kind) {
    case "connecting":
      return "connecting";
    case "live":
      return "connected";
    case "paused":
      return `paused while hidden, as of ${clock(link.asOf)}`;
    case "reconnecting":
      return `reconnecting since ${clock(link.since)}${shown(link.asOf)}`;
    case "refused":
      return `not following the server${shown(link.asOf)}`;
  }
}

const shown = (asOf: number | null): string => (asOf === null ? "" : `, showing data as of ${clock(asOf)}`);
