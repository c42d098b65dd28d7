import { flagOf, lineOf, numberOf, textOf } from "../feed/entries";
import type { Entry } from "../wire/types";

/** A line of a transcript. Its key is the same for all entries that speak of the same thing; `seq` is the first of them. */
interface Base {
  readonly key: string;
  readonly seq: number;
  readonly at: string;
}

export interface TextItem extends Base {
  readonly kind: "text" | "thought";
  readonly text: string;
}

export interface ToolItem extends Base {
  readonly kind: "tool";
  /** Null: the call stands on an older page. */
  readonly tool: string | null;
  readonly input: string;
  /** Null: it has not returned. */
  readonly output: string | null;
  readonly isError: boolean;
  /** Only the beginning of its input or output is kept inline. */
  readonly isCut: boolean;
}

export interface SteerItem extends Base {
  readonly kind: "steer";
  /** Null: the message stands on an older page. */
  readonly text: string | null;
  readonly mode: string;
  readonly state: string;
  readonly why: string;
  readonly actor: string;
}

export interface UsageItem extends Base {
  readonly kind: "usage";
  readonly input: number;
  readonly output: number;
  readonly cached: number;
  readonly usd: number | null;
}

export interface NoteItem extends Base {
  readonly kind: "note";
  readonly tone: "plain" | "warn" | "bad" | "raw";
  readonly label: string;
  readonly text: string;
}

export type Item = TextItem | ToolItem | SteerItem | UsageItem | NoteItem;

const bad = new Set(["trouble", "malformed", "gate.failed", "landing.conflict", "landing.failed"]);
const warn = new Set(["limit", "approval.asked", "checkout.waits", "salvage.saved", "run.stopping"]);

/** The line that a stored entry makes, or the part of one that others complete. */
export function itemOf(entry: Entry): Item {
  const seq = entry.seq ?? 0;
  const base = { key: String(seq), seq, at: entry.at };
  switch (entry.type) {
    case "text":
    case "thought":
      return { ...base, kind: entry.type, text: textOf(entry, "text") };
    case "tool.called":
      return {
        ...base,
        key: `tool ${textOf(entry, "call")}`,
        kind: "tool",
        tool: textOf(entry, "tool"),
        input: textOf(entry, "input"),
        output: null,
        isError: false,
        isCut: flagOf(entry, "cut"),
      };
    case "tool.returned":
      return {
        ...base,
        key: `tool ${textOf(entry, "call")}`,
        kind: "tool",
        tool: null,
        input: "",
        output: textOf(entry, "output"),
        isError: flagOf(entry, "error"),
        isCut: flagOf(entry, "cut"),
      };
    case "usage":
      return {
        ...base,
        kind: "usage",
        input: numberOf(entry, "input"),
        output: numberOf(entry, "output"),
        cached: numberOf(entry, "cacheRead") + numberOf(entry, "cacheWrite"),
        usd: typeof entry.data.usd === "number" ? entry.data.usd : null,
      };
    default:
      return entry.type.startsWith("steer.") ? steerOf(entry, base) : noteOf(entry, base);
  }
}

function steerOf(entry: Entry, base: Base): SteerItem {
  const isQueued = entry.type === "steer.queued";
  return {
    ...base,
    key: `steer ${textOf(entry, "steer")}`,
    kind: "steer",
    text: isQueued ? textOf(entry, "text") : null,
    mode: textOf(entry, "mode"),
    state: entry.type.slice("steer.".length),
    why: textOf(entry, "why"),
    actor: isQueued ? (entry.actor ?? "") : "",
  };
}

function noteOf(entry: Entry, base: Base): NoteItem {
  const failed = (entry.type === "run.settled" || entry.type === "turn.ended") && textOf(entry, "outcome") === "failed";
  const warned = entry.type === "log" && textOf(entry, "level") !== "info";
  const tone =
    entry.type === "raw"
      ? "raw"
      : bad.has(entry.type) || failed
        ? "bad"
        : warn.has(entry.type) || warned
          ? "warn"
          : "plain";
  return { ...base, kind: "note", tone, label: entry.type, text: lineOf(entry, 2000) };
}

/** One line of two that speak of the same thing. */
export function merged(older: Item, newer: Item): Item {
  if (older.kind === "tool" && newer.kind === "tool") {
    return {
      ...older,
      tool: older.tool ?? newer.tool,
      input: older.input === "" ? newer.input : older.input,
      output: newer.output ?? older.output,
      isError: older.isError || newer.isError,
      isCut: older.isCut || newer.isCut,
    };
  }

  if (older.kind === "steer" && newer.kind === "steer") {
    return {
      ...older,
      text: older.text ?? newer.text,
      mode: older.mode === "" ? newer.mode : older.mode,
      state: newer.state,
      why: newer.why === "" ? older.why : newer.why,
      actor: older.actor === "" ? newer.actor : older.actor,
    };
  }

  return older;
}
