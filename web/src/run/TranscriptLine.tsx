import { memo } from "react";
import { LongText } from "../parts/LongText";
import { Status } from "../parts/Status";
import { clock, dollars, line, moment, short } from "../parts/text";
import type { Item, SteerItem, UsageItem } from "./items";
import { ToolLine } from "./ToolLine";

interface Props {
  readonly item: Item;
  readonly isOpen: boolean;
  readonly toggle: (key: string) => void;
}

/** One line of the transcript. Whatever an agent or a person wrote is shown as text. */
export const TranscriptLine = memo(function TranscriptLine({ item, isOpen, toggle }: Props) {
  return (
    <div className={`line ${item.kind}`} data-kind={item.kind}>
      <time dateTime={item.at} title={moment(item.at)}>
        {clock(item.at)}
      </time>
      <div className="what">
        <What item={item} isOpen={isOpen} toggle={toggle} />
      </div>
    </div>
  );
});

function What({ item, isOpen, toggle }: Props) {
  switch (item.kind) {
    case "text":
      return <LongText text={item.text} />;
    case "thought":
      return (
        <>
          <button type="button" className="fold" aria-expanded={isOpen} onClick={() => toggle(item.key)}>
            <span className="label">thought</span> <span className="preview">{line(item.text, 200)}</span>
          </button>
          {isOpen && <LongText text={item.text} />}
        </>
      );
    case "tool":
      return <ToolLine item={item} isOpen={isOpen} toggle={toggle} />;
    case "steer":
      return <Steer item={item} />;
    case "usage":
      return <span>{usageText(item)}</span>;
    case "note":
      return (
        <span className={`note ${item.tone}`}>
          <span className="label">{item.label}</span> {item.text}
        </span>
      );
  }
}

function Steer({ item }: { item: SteerItem }) {
  return (
    <div className="said">
      <span className="label">
        {item.actor === "" ? "message" : item.actor} {item.mode !== "" && `(${item.mode})`}
      </span>{" "}
      <Status word={item.state} /> {item.why !== "" && <span className="dim">{item.why}</span>}
      {item.text !== null && <LongText text={item.text} />}
    </div>
  );
}

function usageText({ input, output, cached, usd }: UsageItem): string {
  const parts = [`${short(input)} in`, `${short(output)} out`];
  if (cached > 0) parts.push(`${short(cached)} cached`);
  if (usd !== null) parts.push(dollars(usd));
  return parts.join(" · ");
}
