import { expect, it } from "vitest";
import { nearestName } from "./nearest-name.ts";

const names = ["DATA_DIR", "DB_PATH", "LOG_LEVEL"];

it.each([
  ["DATADIR", "DATA_DIR"],
  ["DATA_DRI", "DATA_DIR"],
  ["LOG_LEVELS", "LOG_LEVEL"],
  ["DBPATH", "DB_PATH"],
])("finds for %s the name %s", (wanted, name) => {
  expect(nearestName(wanted, names)).toBe(name);
});

it("finds nothing where nothing is near", () => {
  expect(nearestName("QMD_BINARY", names)).toBeUndefined();
  expect(nearestName("X", [])).toBeUndefined();
});
