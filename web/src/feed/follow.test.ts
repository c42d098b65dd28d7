import { afterEach, describe, expect, it, vi } from "vitest";
import type { Entry } from "../wire/types";
import { follow } from "./follow";
import { currentLink } from "./link";

interface Asked {
  readonly url: string;
  readonly lastId: string | undefined;
}

/** A server that answers one question after the other; it ends the following when it has no more answers. */
function serve(answers: readonly (() => Response)[]): { asked: Asked[]; controller: AbortController } {
  const asked: Asked[] = [];
  const controller = new AbortController();
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    asked.push({ url, lastId: new Headers(init.headers).get("Last-Event-ID") ?? undefined });
    const answer = answers[asked.length - 1];
    if (answer) return answer();
    controller.abort();
    throw new Error("no more answers");
  });
  return { asked, controller };
}

const stream = (text: string) => () => new Response(text, { headers: { "Content-Type": "text/event-stream" } });
const stored = (seq: number) => `id: e1-${seq}\ndata: {"seq":${seq},"type":"text","data":{}}\n\n`;

async function told(answers: readonly (() => Response)[]) {
  const { asked, controller } = serve(answers);
  const taken: Entry[] = [];
  const lost = vi.fn();
  await follow({ query: { run: "r" }, after: "e1-0", take: (entries) => taken.push(...entries), opened: () => undefined, lost }, controller.signal);
  return { asked, seqs: taken.map((entry) => entry.seq), lost };
}

describe("following the feed", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("comes back with the last id it has seen", async () => {
    const { asked, seqs } = await told([
      stream(stored(1) + stored(2) + 'event: delta\ndata: {"type":"delta","data":{}}\n\n'),
      () => {
        throw new TypeError("connection refused");
      },
      stream(stored(3)),
    ]);
    expect(asked.map((each) => each.lastId)).toEqual(["e1-0", "e1-2", "e1-2", "e1-3"]);
    expect(asked[0]?.url).toBe("/api/v1/events?run=r");
    expect(seqs).toEqual([1, 2, undefined, 3]);
  });

  it("goes on where the server said when it was too slow", async () => {
    const { asked, seqs } = await told([stream(`${stored(1)}event: end\ndata: {"reason":"slow","cursor":"e1-1"}\n\n`), stream(stored(2))]);
    expect(asked.map((each) => each.lastId)).toEqual(["e1-0", "e1-1", "e1-2"]);
    expect(seqs).toEqual([1, 2]);
  });

  it("asks for a new snapshot when its cursor is no longer good", async () => {
    const refused = () => Response.json({ code: "cursor_invalid", detail: "too old" }, { status: 400 });
    expect((await told([refused])).lost).toHaveBeenCalledOnce();
    expect((await told([stream('event: end\ndata: {"reason":"pruned","cursor":"e1-1"}\n\n')])).lost).toHaveBeenCalledOnce();
  });

  it("says so and stops when it is refused", async () => {
    const { asked, lost } = await told([() => Response.json({ code: "unauthenticated", detail: "sign in" }, { status: 401 })]);
    expect(asked.length).toBe(1);
    expect(lost).not.toHaveBeenCalled();
    expect(currentLink()).toMatchObject({ kind: "refused", why: "sign in" });
  });
});
