/** What a tool call is about, in one line: the first text among its arguments, else all of them. */
export function gist(input: string): string {
  const parsed = parse(input);
  if (parsed === undefined) return input;
  if (typeof parsed === "object" && parsed !== null) {
    const first = Object.values(parsed).find((value) => typeof value === "string" && value !== "");
    if (typeof first === "string") return first;
  }

  return input;
}

/** JSON on several lines; anything else as it is. */
export function pretty(text: string): string {
  const parsed = parse(text);
  return parsed === undefined || typeof parsed !== "object" ? text : JSON.stringify(parsed, null, 2);
}

function parse(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
