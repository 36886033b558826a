import { expect, test } from "vitest";
import { createSendPace } from "./send-pace.ts";

/** Every send must wait `waitMs`. */
function senderAfter(waitMs: number) {
  let asked = 0;
  const sender = {
    send: () => Promise.reject(new Error("nothing is sent here")),
    reserveSlot: () => {
      asked += 1;
      return waitMs;
    },
  };
  return { sender, asked: () => asked };
}

test("keeps the slot of a delivery that was put back to wait for it", () => {
  const pace = createSendPace();
  const { sender, asked } = senderAfter(5_000);
  expect(pace.waitMs("dlv_1", "chat", sender, 1_000)).toBe(5_000);
  expect(pace.waitMs("dlv_1", "chat", sender, 4_000)).toBe(2_000);
  expect(pace.waitMs("dlv_1", "chat", sender, 6_000)).toBe(0);
  expect(asked()).toBe(1);
  expect(pace.size).toBe(0);
});

test("remembers a bounded number of slots, the past ones forgotten first", () => {
  const pace = createSendPace();
  const { sender, asked } = senderAfter(5_000);
  for (let n = 0; n < 999; n += 1) pace.waitMs(`dlv_gone_${n}`, "chat", sender, 0);
  pace.waitMs("dlv_waits", "chat", sender, 1_000);
  expect(pace.size).toBe(1_000);
  pace.waitMs("dlv_next", "chat", sender, 5_500);
  expect(pace.size).toBe(2);
  expect(pace.waitMs("dlv_waits", "chat", sender, 5_500)).toBe(500);
  expect(asked()).toBe(1_001);
  for (let n = 0; n < 5_000; n += 1) pace.waitMs(`dlv_${n}`, "chat", sender, 6_000);
  expect(pace.size).toBe(1_000);
});
