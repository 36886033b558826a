import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkIntegrity } from "./check-integrity.ts";

describe("the integrity check", () => {
  let directory: string;
  let file: string;
  beforeEach(() => {
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

  function damage(): void {
    const handle = openSync(file, "r+");
    writeSync(handle, Buffer.alloc(statSync(file).size / 2, 0x5a), 0, undefined, 4_096);
    closeSync(handle);
  }

  test("finds nothing wrong with a sound file", async () => {
    expect(await checkIntegrity(file, new AbortController().signal)).toEqual([]);
  });

  test("says what is wrong with a damaged one", async () => {
    damage();
    const found = await checkIntegrity(file, new AbortController().signal);
    expect(found.length).toBeGreaterThan(0);
  });

  test("rejects for a file that is not there", async () => {
    const check = checkIntegrity(join(directory, "none"), new AbortController().signal);
    await expect(check).rejects.toThrow(/unable to open database file/);
  });

  test("can be ended at any moment, and the process lives on", async () => {
    for (let n = 0; n < 5; n += 1) {
      const stopping = new AbortController();
      const check = checkIntegrity(file, stopping.signal);
      await new Promise((resolve) => setImmediate(resolve));
      stopping.abort();
      await expect(check).rejects.toThrow();
    }
  });
});
