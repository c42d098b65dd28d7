import { useState } from "react";
import { plural } from "./text";

const shown = 20_000;

/** A text as it was written, never as markup. Very long ones are cut until somebody asks. */
export function LongText({ text, className }: { text: string; className?: string }) {
  const [whole, setWhole] = useState(false);
  const isCut = !whole && text.length > shown;
  return (
    <div className={`long ${className ?? ""}`}>
      {isCut ? text.slice(0, shown) : text}
      {isCut && (
        <button type="button" className="more" onClick={() => setWhole(true)}>
          … show the other {plural(text.length - shown, "character")}
        </button>
      )}
    </div>
  );
}
