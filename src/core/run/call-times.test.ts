import { expect, test } from "vitest";
import { CALL_BOUNDS_MS, createCallTimes } from "./call-times.ts";

const CALL = { kind: "tool", name: "list_files", outcome: "finished" } as const;

test("counts the calls of each name by how they ended and how long they took", () => {
  const times = createCallTimes();
  for (const durationMs of [10, 10.5, 400_000]) times.add({ ...CALL, durationMs });
  times.add({ ...CALL, outcome: "failed", durationMs: 1 });
  const [finished, failed] = times.read();
  expect(finished).toMatchObject({ ...CALL, count: 3, sumMs: 400_020.5 });
  expect(finished?.within).toEqual([1, ...CALL_BOUNDS_MS.slice(1).map(() => 2)]);
  expect(failed).toMatchObject({ outcome: "failed", count: 1 });
});

test("has a bound, however many names there are", () => {
  const times = createCallTimes();
  for (let at = 0; at < 2_000; at += 1) times.add({ ...CALL, name: `tool_${at}`, durationMs: 1 });
  const all = times.read();
  expect(all.length).toBeLessThanOrEqual(501);
  expect(all.reduce((sum, { count }) => sum + count, 0)).toBe(2_000);
});
