import { LongText } from "../parts/LongText";
import { line } from "../parts/text";
import type { ToolItem } from "./items";
import { gist, pretty } from "./tool";

interface Props {
  readonly item: ToolItem;
  readonly isOpen: boolean;
  readonly toggle: (key: string) => void;
}

/** A tool call with its result, folded to one line. */
export function ToolLine({ item, isOpen, toggle }: Props) {
  return (
    <>
      <button type="button" className="fold" aria-expanded={isOpen} onClick={() => toggle(item.key)}>
        <span className="label">{item.tool ?? "tool"}</span>{" "}
        <span className="preview">{line(gist(item.input), 240)}</span>{" "}
        <span className={`mark ${item.isError ? "bad" : ""}`}>
          {item.output === null ? "runs" : item.isError ? "failed" : "done"}
        </span>
      </button>
      {isOpen && (
        <div className="payload">
          {item.input !== "" && <LongText text={pretty(item.input)} className="code" />}
          {item.output !== null && (
            <LongText text={item.output === "" ? "(no output)" : item.output} className="code output" />
          )}
          {item.isCut && <p className="dim">Only the beginning is kept here; the run's spool holds the whole.</p>}
        </div>
      )}
    </>
  );
}
