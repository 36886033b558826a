import { expect, test } from "vitest";
import { newId } from "../ids.ts";
import { formatButtonData, parseButtonData } from "./button-data.ts";

test("is read back, and fits into 64 bytes", () => {
  const deliveryId = newId("dlv");
  const data = formatButtonData(deliveryId, 99);
  expect(Buffer.byteLength(data)).toBeLessThanOrEqual(64);
  expect(parseButtonData(data)).toEqual({ deliveryId, index: 99 });
});

test.each([
  "",
  "dlv_a",
  "dlv_a:",
  "dlv_a:-1",
  "dlv_a:1:2",
  "/cancel all",
  "task_a:1",
  "dlv_a:1\n",
  "dlv_a:99999",
])("refuses %j, which we never made", (data) => {
  expect(parseButtonData(data)).toBeUndefined();
});
