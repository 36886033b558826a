import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { aConversation, aJob, enqueue } from "../../../test/contracts/fixtures.ts";
import { checkInvariants } from "../../../test/support/check-invariants.ts";
import { createFakeClock } from "../../../test/support/fake-clock.ts";
import { AppError } from "../../core/errors.ts";
import { parseAnchorLine } from "../audit/anchor-line.ts";
import { MIGRATIONS, type Migration } from "../migrations/migrations.ts";
import { auditAfter } from "../queries/audit.ts";
import { jobsOfLane } from "../queries/jobs.ts";
import { checkIntegrity } from "./check-integrity.ts";
import {
  isDatabaseLocked,
  isDataDirectoryLocked,
  lockDatabase,
  lockDataDirectory,
} from "./data-lock.ts";
import { openSqliteStore } from "./sqlite-store.ts";

const AUDIT_KEY = Buffer.alloc(32, 1);

describe("the SQLite store", () => {
  let directory: string;
  /** Whether the test itself put something else where the store belongs. */
  let isDamaged: boolean;
  const clock = createFakeClock();
  beforeEach(() => {
    isDamaged = false;
    directory = mkdtempSync(join(tmpdir(), "agent-runtime-store-"));
  });
  afterEach(() => {
    if (!isDamaged && existsSync(file())) checkInvariants(file(), AUDIT_KEY);
    rmSync(directory, { recursive: true, force: true });
  });

  const file = () => join(directory, "meta.sqlite");
  const open = (migrations?: readonly Migration[]) =>
    openSqliteStore({
      file: file(),
      clock,
      auditKey: AUDIT_KEY,
      anchorFile: join(directory, "audit.anchor"),
      ...(migrations === undefined ? {} : { migrations }),
    });
  /** The numbers of the audit's rows that the file beside the database vouches for. */
  const anchored = () =>
    readFileSync(join(directory, "audit.anchor"), "utf8")
      .trim()
      .split("\n")
      .map((line) => parseAnchorLine(line)?.head.seq);
  const step = (effects: Parameters<ReturnType<typeof open>["commit"]>[0]["effects"]) => ({
    name: "test",
    actor: "system",
    cause: "test",
    now: clock.now(),
    effects,
  });

  test("syncs a transaction to the disk that does not say otherwise", async () => {
    const store = open();
    const pragma = await store.transact((connection) => ({
      synchronous: connection.database.pragma("synchronous", { simple: true }),
      journal: connection.database.pragma("journal_mode", { simple: true }),
      keys: connection.database.pragma("foreign_keys", { simple: true }),
    }));
    expect(pragma).toEqual({ synchronous: 2, journal: "wal", keys: 1 });
    await store.close();
  });

  test("does not anchor what is yet to be synced", async () => {
    const store = open();
    const commit = (isSyncedWithNext: boolean) =>
      store.commit({ ...step([enqueue(aJob("a"))]), isSyncedWithNext });
    await commit(false);
    await commit(true);
    clock.advance(1_000);
    await expect.poll(anchored).toEqual([0, 1]);
    await commit(false);
    clock.advance(1_000);
    await expect.poll(anchored).toEqual([0, 1, 3]);
    await store.close();
  });

  test("puts commits that are ready together into one transaction", async () => {
    const store = open();
    let transactions = 0;
    // The feed speaks once a transaction.
    store.changes.subscribe(() => {
      transactions += 1;
    });
    await Promise.all(
      Array.from({ length: 50 }, (_, n) => store.commit(step([enqueue(aJob(`lane-${n}`))]))),
    );
    expect(transactions).toBe(1);
    await store.close();
  });

  test("takes the rest of a batch when one commit of it conflicts", async () => {
    const store = open();
    const results = await Promise.all([
      store.commit(step(aConversation("1").effects)),
      store.commit(step(aConversation("1").effects)),
      store.commit(step([enqueue(aJob("a"))])),
    ]);
    expect(results).toEqual(["committed", "conflict", "committed"]);
    expect((await store.all(auditAfter, { seq: 0, limit: 10 })).map((row) => row.seq)).toEqual([
      1, 2,
    ]);
    await store.close();
  });

  test("says that the disk is full, changes nothing, and works again when there is room", async () => {
    const store = open();
    await store.commit(step([enqueue(aJob("before"))]));
    await store.transact((connection) => {
      const pages = connection.database.pragma("page_count", { simple: true });
      connection.database.pragma(`max_page_count = ${String(pages)}`);
    });
    const big = { ...aJob("full"), id: "x".repeat(200_000) };
    const small = store.commit(step([enqueue(aJob("beside"))]));
    await expect(store.commit(step([enqueue(big)]))).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("disk is full"),
    });
    await small.catch(() => undefined);
    expect(await store.all(jobsOfLane, { lane: "full" })).toEqual([]);

    await store.transact((connection) => connection.database.pragma("max_page_count = 1000000"));
    expect(await store.commit(step([enqueue(aJob("after"))]))).toBe("committed");
    const rows = await store.all(auditAfter, { seq: 0, limit: 100 });
    expect(rows.map((row) => row.seq)).toEqual(rows.map((_row, index) => index + 1));
    await store.close();
  });

  test("upgrades an older file, keeps a copy of it, and keeps its rows", async () => {
    const older = open();
    await older.commit(step([enqueue(aJob("kept"))]));
    await older.close();

    const added: Migration = {
      name: "9999-added",
      statements: () => ["alter table jobs add column added text"],
    };
    const newer = open([...MIGRATIONS, added]);
    expect(await newer.all(jobsOfLane, { lane: "kept" })).toHaveLength(1);
    await newer.close();
    expect(readdirSync(directory).filter((name) => name.includes(".before-"))).toHaveLength(1);
  });

  test("refuses a file of a newer version and leaves it as it is", async () => {
    const newer = open([
      ...MIGRATIONS,
      { name: "9999-added", statements: () => ["create table added (id text)"] },
    ]);
    await newer.close();
    expect(() => open()).toThrow(
      expect.objectContaining({
        code: "conflict",
        message: expect.stringContaining("newer version"),
      }),
    );
    const database = new Database(file(), { readonly: true });
    expect(database.prepare("select count(*) as n from migrations").get()).toEqual({
      n: MIGRATIONS.length + 1,
    });
    database.close();
  });

  test("leaves a half-applied upgrade undone", () => {
    const broken: Migration = {
      name: "9999-broken",
      statements: () => ["create table half (id text)", "this is no sql"],
    };
    expect(() => open([...MIGRATIONS, broken])).toThrow();
    const database = new Database(file(), { readonly: true });
    expect(
      database.prepare("select name from sqlite_master where name = 'half'").get(),
    ).toBeUndefined();
    database.close();
  });

  test("says so when the file is no database", async () => {
    isDamaged = true;
    writeFileSync(
      file(),
      "this is a text file, and long enough to be looked at as a database header".repeat(20),
    );
    expect(() => open()).toThrow(AppError);
  });

  test("finds nothing wrong with a sound file", async () => {
    const store = open();
    expect(await checkIntegrity(file(), new AbortController().signal)).toEqual([]);
    await store.close();
  });

  test("finds damage in a file", async () => {
    isDamaged = true;
    const store = open();
    await Promise.all(
      Array.from({ length: 200 }, (_, n) => store.commit(step([enqueue(aJob(`lane-${n}`))]))),
    );
    await store.close();
    const handle = openSync(file(), "r+");
    for (let page = 30; page < 40; page += 1)
      writeSync(handle, randomBytes(4_096), 0, 4_096, page * 4_096);
    closeSync(handle);
    const found = await checkIntegrity(file(), new AbortController().signal).catch((error) => [
      String(error),
    ]);
    expect(found.length).toBeGreaterThan(0);
  });

  test("stops writing altogether once somebody else has extended the record", async () => {
    const store = open();
    await store.commit(step([enqueue(aJob("ours"))]));
    const other = new Database(file());
    other.exec(
      "insert into audit select 2, at_ms, name, actor, cause, effects, ids, digest, hash from audit",
    );
    const refused = {
      code: "unavailable",
      message: expect.stringMatching(
        /^Another process writes to .*meta\.sqlite.* start this one again/,
      ),
    };
    await expect(store.commit(step([enqueue(aJob("lost"))]))).rejects.toMatchObject(refused);
    other.exec("delete from audit where seq = 2");
    other.close();
    const unaudited = { ...step([enqueue(aJob("probe"))]), unaudited: true as const };
    for (const write of [
      () => store.commit(step([enqueue(aJob("later"))])),
      () => store.commit(unaudited),
      () => store.transact(() => undefined),
    ])
      await expect(write()).rejects.toMatchObject(refused);
    expect(await store.all(jobsOfLane, { lane: "ours" })).toHaveLength(1);
    for (const lane of ["lost", "later", "probe"])
      expect(await store.all(jobsOfLane, { lane })).toEqual([]);
    await store.close();
  });

  test("refuses a read that writes", async () => {
    const store = open();
    await expect(store.list((db) => db.deleteFrom("jobs").returning("id"))).rejects.toThrow(
      "a read may not write",
    );
    await store.close();
  });

  test("lets one process have a store's file, whatever links lead to it", () => {
    isDamaged = true;
    const linked = join(directory, "linked");
    mkdirSync(linked);
    const lock = lockDatabase(file());
    writeFileSync(file(), "");
    symlinkSync(file(), join(linked, "meta.sqlite"));
    symlinkSync(directory, join(linked, "way"));
    for (const path of [file(), join(linked, "meta.sqlite"), join(linked, "way", "meta.sqlite")]) {
      expect(isDatabaseLocked(path)).toBe(true);
      expect(() => lockDatabase(path)).toThrow(
        expect.objectContaining({
          code: "conflict",
          message: `Another agent-runtime is using ${path}. Stop it, or set AGENT_RUNTIME_DB_PATH to another file.`,
        }),
      );
    }
    lock.release();
    expect(isDatabaseLocked(file())).toBe(false);
  });

  test("lets one process have a data directory, and the next once it is gone", () => {
    const lock = lockDataDirectory(directory);
    expect(isDataDirectoryLocked(directory)).toBe(true);
    expect(() => lockDataDirectory(directory)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(directory) }),
    );
    lock.release();
    expect(isDataDirectoryLocked(directory)).toBe(false);
    expect(existsSync(join(directory, "lock.db"))).toBe(true);
  });
});
