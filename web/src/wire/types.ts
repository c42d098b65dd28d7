import type { components } from "./openapi";

type Schemas = components["schemas"];

export type Ticket = Schemas["TicketJson"];
export type Run = Schemas["RunJson"];
export type RunLine = Schemas["RunLineJson"];
export type Status = Schemas["StatusJson"];
export type Waiting = Schemas["WaitingJson"];
export type Why = Schemas["WhyJson"];
export type Landing = Schemas["LandingJson"];
export type Steer = Schemas["SteerJson"];
export type Say = Schemas["SayJson"];
export type Problem = Schemas["ProblemJson"];
export type Usage = Schemas["UsageJson"];

/** An entry of the journal, or a live delta: that has no number and no cursor. Its data is an object whose members depend on the type; nothing in it is
 * trusted to be there. */
export type Entry = Omit<Schemas["EventJson"], "data" | "seq" | "cursor"> & {
  seq?: number;
  cursor?: string;
  data: Readonly<Record<string, unknown>>;
};
