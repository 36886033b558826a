import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createFakeClock } from "../../test/support/fake-clock.ts";
import { createIntegrityCheck } from "./integrity-check.ts";

let directory: string;
let file: string;
const clock = createFakeClock();
const lines: string[] = [];
const log = { write: (level: string, message: string) => lines.push(`${level} ${message}`) };

beforeEach(() => {
  lines.length = 0;
  directory = mkdtempSync(join(tmpdir(), "agent-runtime-integrity-"));
  file = join(directory, "meta.sqlite");
  const database = new Database(file);
  database.exec("create table words (word text)");
  const insert = database.prepare("insert into words values (?)");
  database.transaction(() => {
    for (let n = 0; n < 2_000; n += 1) insert.run(`word ${n}`.repeat(10));
  })();
  database.close();
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function checked() {
  const integrity = createIntegrityCheck(file, clock, log);
  await integrity.start(new AbortController().signal);
  clock.advance(2_000);
  return integrity;
}

it("takes readiness from a service whose file is damaged, and says so", async () => {
  const handle = openSync(file, "r+");
  writeSync(handle, Buffer.alloc(statSync(file).size / 2, 0x5a), 0, undefined, 4_096);
  closeSync(handle);
  const integrity = await checked();
  await expect
    .poll(() => lines, { timeout: 30_000 })
    .toEqual(["error the store's file is damaged"]);
  const reason = expect.stringMatching(/^The store's file is damaged \(.+\)\. Restore a backup\.$/);
  expect(integrity.addTo({ isReady: true })).toEqual({ isReady: false, reasons: [reason] });
  expect(integrity.addTo({ isReady: false, reasons: ["No room."] })).toEqual({
    isReady: false,
    reasons: ["No room.", reason],
  });
  await integrity.stop();
});

it("stops at once, before the check and within it", async () => {
  const integrity = createIntegrityCheck(file, clock, log);
  await integrity.start(new AbortController().signal);
  await integrity.stop();
  await (await checked()).stop();
  expect(integrity.addTo({ isReady: true })).toEqual({ isReady: true });
  expect(lines).toEqual([]);
});
