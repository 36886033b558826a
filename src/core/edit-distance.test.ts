import fc from "fast-check";
import { expect, it } from "vitest";
import { editDistance } from "./edit-distance.ts";

it.each([
  ["", "", 0],
  ["", "abc", 3],
  ["task", "tasks", 1],
  ["task", "talk", 1],
  ["task", "taks", 1],
  ["kitten", "sitting", 3],
])("from %j to %j it is %i", (left, right, distance) => {
  expect(editDistance(left, right)).toBe(distance);
});

it("is nothing for the same word, the same both ways, and never more than the longer word", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (left, right) => {
      const distance = editDistance(left, right);
      expect(distance === 0).toBe(left === right);
      expect(editDistance(right, left)).toBe(distance);
      expect(distance).toBeLessThanOrEqual(Math.max(left.length, right.length));
    }),
  );
});
