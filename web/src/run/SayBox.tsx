import { type FormEvent, type KeyboardEvent, useState } from "react";
import { ApiError, post } from "../wire/api";
import type { Say, Steer } from "../wire/types";

const modes = [
  ["next", "after this turn"],
  ["now", "inside this turn"],
  ["interrupt", "interrupt it"],
] as const;

/** Says something to the agent. What becomes of it is told by the transcript. */
export function SayBox({ run }: { run: string }) {
  const [text, setText] = useState("");
  const [mode, setMode] = useState<string>("next");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const send = async () => {
    if (text.trim() === "" || busy) return;
    setBusy(true);
    setError(null);
    try {
      const said: Say = { text, mode };
      await post<Steer>(`/runs/${encodeURIComponent(run)}/say`, said);
      setText("");
    } catch (e) {
      setError(e instanceof ApiError ? e.message : String(e));
    } finally {
      setBusy(false);
    }
  };
  const onSubmit = (e: FormEvent) => {
    e.preventDefault();
    void send();
  };
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.key !== "Enter" || !(e.ctrlKey || e.metaKey)) return;
    e.preventDefault();
    void send();
  };

  return (
    <form className="say" onSubmit={onSubmit}>
      <textarea
        value={text}
        rows={2}
        aria-label="Message to the agent"
        placeholder="Say something to the agent (Ctrl+Enter sends)"
        onChange={(e) => setText(e.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="say-row">
        <select value={mode} aria-label="When the agent reads it" onChange={(e) => setMode(e.target.value)}>
          {modes.map(([word, meaning]) => (
            <option key={word} value={word}>
              {word}: {meaning}
            </option>
          ))}
        </select>
        <button type="submit" className="primary" disabled={busy || text.trim() === ""}>
          Say
        </button>
      </div>
      {error !== null && (
        <p className="problem" role="alert">
          {error}
        </p>
      )}
    </form>
  );
}
