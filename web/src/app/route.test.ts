import { describe, expect, it } from "vitest";
import { routeOf, runPath, ticketPath } from "./route";

describe("addresses", () => {
  it("name pages", () => {
    expect(routeOf("/")).toEqual({ page: "tickets" });
    expect(routeOf("/tickets")).toEqual({ page: "tickets" });
    expect(routeOf("/tickets/APP-12")).toEqual({ page: "ticket", key: "APP-12" });
    expect(routeOf("/runs/")).toEqual({ page: "runs" });
    expect(routeOf("/runs/a/b")).toEqual({ page: "nowhere" });
    expect(routeOf("/elsewhere")).toEqual({ page: "nowhere" });
  });

  it("carry any name there and back", () => {
    for (const name of ["coder-app-12", "ä ö", "100%", "a/b", "?#&"]) {
      expect(routeOf(runPath(name))).toEqual({ page: "run", id: name });
      expect(routeOf(ticketPath(name))).toEqual({ page: "ticket", key: name });
    }

    expect(routeOf("/runs/%E0%A4%A")).toEqual({ page: "run", id: "%E0%A4%A" });
  });
});
