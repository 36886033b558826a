import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { aJob, enqueue } from "../../../test/contracts/fixtures.ts";
import { createFakeClock } from "../../../test/support/fake-clock.ts";
import { openSqliteStore } from "../sqlite/sqlite-store.ts";
import { openAuditKey } from "./audit-key.ts";
import { formatHead, parseHead } from "./chain.ts";
import { anchorFileOf, readAuditHead, verifyAudit } from "./verify-audit.ts";

describe("audit verify", () => {
  let dataDir: string;
  let dbPath: string;
  const clock = createFakeClock();

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), "agent-runtime-audit-"));
    dbPath = join(dataDir, "meta.sqlite");
    await write(5);
  });
  afterEach(() => {
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function write(commits: number): Promise<void> {
    const store = openSqliteStore({
      file: dbPath,
      clock,
      auditKey: openAuditKey(dataDir),
      anchorFile: anchorFileOf(dataDir),
    });
    for (let n = 0; n < commits; n += 1) {
      await store.commit({
        name: "test",
        actor: "idn_ada",
        cause: "test",
        now: clock.now(),
        effects: [enqueue(aJob("lane"))],
      });
    }
    await store.close();
  }
  function tamper(sql: string): void {
    const database = new Database(dbPath);
    database.exec(sql);
    database.close();
  }
  const problems = () => verifyAudit({ dbPath, dataDir }).problems;

  test("finds nothing wrong with what was written, over restarts", async () => {
    await write(3);
    expect(verifyAudit({ dbPath, dataDir })).toMatchObject({
      checked: 8,
      problems: [],
      head: { seq: 8 },
    });
  });

  test("finds a changed row", () => {
    tamper("update audit set actor = 'idn_eve' where seq = 3");
    expect(problems()).toEqual([expect.stringContaining("row 3")]);
  });

  test("finds a missing row", () => {
    tamper("delete from audit where seq = 3");
    expect(problems()[0]).toContain("rows 3 to 3 are missing");
  });

  test("finds rows that were renumbered over a gap", () => {
    tamper("delete from audit where seq = 3; update audit set seq = seq - 1 where seq > 3");
    expect(problems().length).toBeGreaterThan(0);
  });

  test("finds an end that was cut off after it was anchored", () => {
    tamper("delete from audit where seq > 3");
    expect(problems()).toEqual([expect.stringContaining("the end was cut off")]);
  });

  test("finds a cut end by the head somebody kept, even when the anchor is gone", () => {
    const kept = readAuditHead({ dbPath });
    tamper("delete from audit where seq > 3");
    rmSync(anchorFileOf(dataDir));
    expect(verifyAudit({ dbPath, dataDir }).problems).toEqual([]);
    expect(verifyAudit({ dbPath, dataDir }, parseHead(formatHead(kept))).problems).toEqual([
      expect.stringContaining("the head you gave"),
    ]);
  });

  test("finds a chain that was written anew with another key", async () => {
    tamper("delete from audit");
    rmSync(join(dataDir, "audit.key"));
    await write(6);
    expect(problems().length).toBeGreaterThan(0);
  });

  test("ignores a broken line in the anchor file", () => {
    appendFileSync(anchorFileOf(dataDir), "half a li");
    expect(problems()).toEqual([]);
  });

  test("keeps its key readable for the owner alone, and no text of it in the database", () => {
    expect(statSync(join(dataDir, "audit.key")).mode & 0o777).toBe(0o600);
    const key = readFileSync(join(dataDir, "audit.key"), "utf8").trim();
    expect(readFileSync(dbPath).includes(key)).toBe(false);
  });
});
