import { words } from "./text";

type Tone = "work" | "good" | "bad" | "wait" | "rest";

/** Only the colour: what a status means is decided by the server. A word that is not listed is shown in grey. */
const tones: Readonly<Record<string, Tone>> = {
  starting: "work",
  working: "work",
  succeeded: "good",
  landed: "good",
  done: "good",
  acknowledged: "good",
  failed: "bad",
  lost: "bad",
  refused: "bad",
  conflict: "bad",
  needs_input: "wait",
  limited: "wait",
  stuck: "wait",
  unknown: "wait",
};

/** A status word with its colour; the word itself carries the meaning. */
export function Status({ word, title }: { word: string; title?: string | undefined }) {
  return (
    <span className={`status ${tones[word] ?? "rest"}`} title={title}>
      {words(word)}
    </span>
  );
}
