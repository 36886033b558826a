import { expect, test } from "vitest";
import { createOfflineTimes } from "./offline-times.ts";

test("counts from the first failed try, and anew once the channel was reached", () => {
  const times = createOfflineTimes();
  expect([times.sinceMs("dlv_1", 5_000), times.sinceMs("dlv_1", 9_000)]).toEqual([0, 4_000]);
  times.forget("dlv_1");
  expect(times.sinceMs("dlv_1", 20_000)).toBe(0);
});

test("remembers a bounded number of deliveries, the oldest forgotten first", () => {
  const times = createOfflineTimes();
  for (let n = 0; n < 20_000; n += 1) times.sinceMs(`dlv_${n}`, n);
  expect(times.size).toBe(10_000);
  expect(times.sinceMs("dlv_19999", 30_000)).toBe(10_001);
  expect(times.sinceMs("dlv_0", 30_000)).toBe(0);
});
