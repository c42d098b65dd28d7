import { describe, expect, it } from "vitest";
import { changed, listOf, toggled } from "./useParams";

describe("filters in the URL", () => {
  it("change one and leave the others", () => {
    expect(changed("?project=app&q=x", { q: "a b&c" })).toBe("?project=app&q=a+b%26c");
    expect(changed("", { q: "x" })).toBe("?q=x");
  });

  it("disappear when they are empty", () => {
    expect(changed("?q=x", { q: "" })).toBe("");
    expect(changed("?q=x&status=failed", { q: null })).toBe("?status=failed");
  });

  it("may be lists", () => {
    expect(listOf(null)).toEqual([]);
    expect(listOf("a,b")).toEqual(["a", "b"]);
    expect(toggled(["a"], "b")).toBe("a,b");
    expect(toggled(["a", "b"], "a")).toBe("b");
    expect(toggled(["a"], "a")).toBeNull();
  });
});
