import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editDistance, nearestNames } from "./nearest-names.ts";

const NAMES = ["help", "status", "task", "tasks", "cancel", "explain", "pair"];

describe("nearest names", () => {
  it.each([
    ["hlep", "help"],
    ["stat", "status"],
    ["cancle", "cancel"],
    ["explane", "explain"],
  ])("takes %s for %s", (word, name) => {
    expect(nearestNames(word, NAMES)[0]).toBe(name);
  });

  it("names nothing that is far off or absurdly long", () => {
    expect(nearestNames("xyzzyqqq", NAMES)).toEqual([]);
    expect(nearestNames("t".repeat(10_000), NAMES)).toEqual([]);
  });

  it("counts as a distance must", () => {
    expect(editDistance("ca", "ac")).toBe(1);
    const word = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, a)).toBe(0);
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b)).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});
