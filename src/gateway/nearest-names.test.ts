import { describe, expect, it } from "vitest";
import { nearestNames } from "./nearest-names.ts";

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
});
