import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Connection, openConnection } from "./connection.ts";
import { createGroupCommit, type GroupCommit } from "./group-commit.ts";

const NORMAL = 1;
const FULL = 2;

let directory: string;
let connection: Connection;
let group: GroupCommit;
/** How each transaction was committed. */
let committed: boolean[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "agent-runtime-group-"));
  connection = openConnection(join(directory, "meta.sqlite"), { readonly: false });
  committed = [];
  group = createGroupCommit(connection.database, {
    begin: () => undefined,
    rollback: () => undefined,
    committed: (isSynced) => committed.push(isSynced),
  });
});
afterEach(() => {
  connection.database.close();
  rmSync(directory, { recursive: true, force: true });
});

const level = () => connection.database.pragma("synchronous", { simple: true });

test("a unit is synced unless it may wait for the next, and then the next one syncs both", async () => {
  expect(await group.run(level)).toBe(FULL);
  expect(await group.run(level, { isSynced: false })).toBe(NORMAL);
  expect(await group.run(level)).toBe(FULL);
  expect(committed).toEqual([true, false, true]);
});

test("one unit that must be synced syncs all that share its transaction", async () => {
  const levels = [
    group.run(level, { isSynced: false }),
    group.run(level),
    group.run(level, { isSynced: false }),
  ];
  expect(await Promise.all(levels)).toEqual([FULL, FULL, FULL]);
  expect(committed).toEqual([true]);
});
