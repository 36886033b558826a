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

  it("names of those that begin alike the nearer one first", () => {
    expect(nearestNames("approv", ["approve-action", "approve"])).toEqual([
      "approve",
      "approve-action",
    ]);
  });

  it("names nothing that is far off or absurdly long", () => {
    expect(nearestNames("xyzzyqqq", NAMES)).toEqual([]);
    expect(nearestNames("t".repeat(10_000), NAMES)).toEqual([]);
  });
});
