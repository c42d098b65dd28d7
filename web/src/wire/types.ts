import type { components, paths } from "./openapi";

/** What a route answers when all is well. */
type Answer<P extends keyof paths, M extends keyof paths[P], S extends number = 200> = paths[P][M] extends {
  responses: Record<S, { content: { "application/json": infer T } }>;
}
  ? T
  : never;

export type Ticket = Answer<"/api/v1/tickets/{ticket}", "get">;
export type Why = Answer<"/api/v1/tickets/{ticket}/why", "get">;
export type Run = Answer<"/api/v1/runs/{run}", "get">;
export type Status = Answer<"/api/v1/status", "get">;
export type RunLine = Status["runs"][number];
export type Waiting = Status["waiting"][number];
export type Landing = Answer<"/api/v1/tickets/{ticket}/landing", "get">;
export type Steer = Answer<"/api/v1/runs/{run}/say", "post", 202>;
export type Say = components["schemas"]["SayJson"];
export type Reason = components["schemas"]["ReasonJson"];
export type Problem = components["schemas"]["ProblemJson"];

type Stored = components["schemas"]["EventJson"];

/** An entry of the journal, or a live delta: that has no number and no cursor. Its data is an object whose members depend on the type; nothing in it is
 * trusted to be there. */
export type Entry = Readonly<Omit<Stored, "seq" | "cursor" | "data">> & {
  readonly seq?: number;
  readonly cursor?: string;
  readonly data: Readonly<Record<string, unknown>>;
};
