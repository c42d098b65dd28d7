/** One message of a stream of server-sent events. */
export interface Message {
  readonly event: string;
  readonly id: string | null;
  readonly data: string;
}

/** Splits a stream of server-sent events into messages. Text comes in pieces of any size; comments only show that the server is there. */
export class SseParser {
  private rest = "";

  push(piece: string): Message[] {
    this.rest += piece;
    const messages: Message[] = [];
    let start = 0;
    for (let end = this.rest.indexOf("\n\n"); end >= 0; end = this.rest.indexOf("\n\n", start)) {
      const message = parse(this.rest.slice(start, end));
      if (message) messages.push(message);
      start = end + 2;
    }

    this.rest = this.rest.slice(start);
    return messages;
  }
}

function parse(block: string): Message | null {
  let event = "message";
  let id: string | null = null;
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const value = line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    const field = line.slice(0, colon);
    if (field === "event") event = value;
    else if (field === "id") id = value;
    else if (field === "data") data.push(value);
  }

  return data.length > 0 ? { event, id, data: data.join("\n") } : null;
}

/** The messages of a response's body, until it ends. `alive` is called for every piece, comments too.
 * @throws when the connection breaks or its signal is aborted */
export async function* messages(body: ReadableStream<Uint8Array>, alive: () => void): AsyncGenerator<Message[]> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parser = new SseParser();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      alive();
      const found = parser.push(decoder.decode(value, { stream: true }));
      if (found.length > 0) yield found;
    }
  } finally {
    reader.releaseLock();
  }
}
