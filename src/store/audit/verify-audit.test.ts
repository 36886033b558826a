import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { aJob, enqueue } from "../../../test/contracts/fixtures.ts";
import { checkInvariants } from "../../../test/support/check-invariants.ts";
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
    // What follows is broken on purpose.
    checkInvariants(dbPath, openAuditKey(dataDir));
  });
  afterEach(() => {
    rmSync(dataDir, { recursive: true, force: true });
  });

  const open = () =>
    openSqliteStore({
      file: dbPath,
      clock,
      auditKey: openAuditKey(dataDir),
      anchorFile: anchorFileOf(dataDir),
    });
  async function write(commits: number): Promise<void> {
    const store = open();
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
    expect(verifyAudit({ dbPath, dataDir }, parseHead(formatHead(kept))).problems).toEqual([
      expect.stringContaining("audit.anchor is gone"),
      expect.stringContaining("the head you gave"),
    ]);
  });

  test("finds a cut end by the head somebody kept, and by nothing else, when the anchor was cut too", () => {
    const kept = readAuditHead({ dbPath });
    tamper("delete from audit where seq > 3");
    const [first = ""] = readFileSync(anchorFileOf(dataDir), "utf8").split("\n");
    writeFileSync(anchorFileOf(dataDir), `${first}\n`);
    expect(problems()).toEqual([]);
    expect(verifyAudit({ dbPath, dataDir }, kept).problems).toEqual([
      expect.stringContaining("the end was cut off"),
    ]);
  });

  test.each([0, -7, "-9223372036854775808"])("finds a row put in at %s", (seq) => {
    tamper(
      `insert into audit select ${seq}, at_ms, name, 'idn_eve', cause, effects, ids, digest, hash from audit where seq = 1`,
    );
    expect(problems()).toEqual([
      expect.stringContaining("rows before row 1, where none belongs: 1 of"),
    ]);
  });

  test("finds a row put in at the largest number there is", () => {
    tamper("update audit set seq = 9223372036854775807 where seq = 5");
    expect(problems()[0]).toContain("rows 5 to");
  });

  test.each(["jobs", "messages"])("finds that all rows were deleted, by the %s", async (work) => {
    tamper("delete from audit");
    if (work === "messages") {
      tamper(`pragma foreign_keys = off; delete from jobs; insert into messages
        (id, context_id, connector, account, external_message_id, kind, text, addressed, trust, outcome, cause,
         sent_at_ms, received_at_ms, version)
        values ('msg_1', 'ctx_1', 'telegram', '7', '1', 'message', '', 1, 'paired', 'answered', 'msg_1', 1, 1, 1)`);
    }
    rmSync(anchorFileOf(dataDir));
    expect(problems()).toEqual([expect.stringContaining("the whole record was deleted")]);
  });

  test("finds nothing wrong with a store that nothing was committed to", async () => {
    rmSync(dbPath);
    rmSync(anchorFileOf(dataDir));
    await write(0);
    expect(problems()).toEqual([]);
    rmSync(anchorFileOf(dataDir));
    expect(problems()).toEqual([]);
  });

  test.each(["garbage", "garbage\n", ""])("finds an anchor that was replaced by %j", (text) => {
    writeFileSync(anchorFileOf(dataDir), text);
    expect(problems()).toEqual([expect.stringContaining("holds no line that can be read")]);
  });

  test("finds a line of the anchor that is none, also after the next start", async () => {
    appendFileSync(anchorFileOf(dataDir), "not by us");
    expect(problems()).toEqual([
      expect.stringContaining("cannot be read (1, the first is line 3)"),
    ]);
    await write(1);
    expect(problems()).toEqual([
      expect.stringContaining("cannot be read (1, the first is line 3)"),
    ]);
  });

  test("has an anchor before its first row, so that a crash right after that is no loss", async () => {
    rmSync(dbPath);
    rmSync(anchorFileOf(dataDir));
    const store = open();
    expect(readFileSync(anchorFileOf(dataDir), "utf8")).toMatch(/^\S+Z 0:0{64}\n$/);
    await store.close();
  });

  test("tells the first twenty problems, those of the whole record before those of its rows", async () => {
    await write(30);
    tamper(
      "update audit set actor = 'idn_eve'; insert into audit select 0, at_ms, name, actor, cause, effects, ids, digest, hash from audit where seq = 1",
    );
    const report = verifyAudit({ dbPath, dataDir });
    expect(report.problems).toHaveLength(20);
    expect(report.problems[0]).toContain("before row 1");
    expect(report.problemCount).toBe(36);
  });

  test("finds a chain that was written anew with another key", async () => {
    tamper("delete from audit");
    rmSync(join(dataDir, "audit.key"));
    await write(6);
    expect(problems().length).toBeGreaterThan(0);
  });

  test("takes half a line at the end of the anchor for what a crash left, and mends it", async () => {
    appendFileSync(anchorFileOf(dataDir), "2026-11-21T05:18:32.984Z 5:9f29");
    expect(problems()).toEqual([]);
    await write(1);
    expect(problems()).toEqual([]);
    expect(readFileSync(anchorFileOf(dataDir), "utf8")).not.toContain("5:9f292");
  });

  test("keeps its key readable for the owner alone, and no text of it in the database", () => {
    expect(statSync(join(dataDir, "audit.key")).mode & 0o777).toBe(0o600);
    const key = readFileSync(join(dataDir, "audit.key"), "utf8").trim();
    expect(readFileSync(dbPath).includes(key)).toBe(false);
  });
});
