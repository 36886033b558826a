import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NEVER } from "../../src/core/abort.ts";
import { systemClock } from "../../src/core/clock.ts";
import type { Service } from "../../src/core/service.ts";
import { createPostgresEngine } from "../../src/orchestrator/engines/postgres-engine.ts";
import { withLease } from "../../src/orchestrator/with-lease.ts";
import { openAuditKey } from "../../src/store/audit/audit-key.ts";
import { anchorFileOf } from "../../src/store/audit/verify-audit.ts";
import { createAuditSealer } from "../../src/store/postgres/audit-sealer.ts";
import { openPostgresStore, type PostgresStore } from "../../src/store/postgres/postgres-store.ts";
import { verifySealedAudit } from "../../src/store/postgres/verify-sealed-audit.ts";
import { aJob, enqueue } from "../contracts/fixtures.ts";
import { createDatabase, type TestDatabase } from "./postgres-backend.ts";

const url = process.env["AGENT_RUNTIME_TEST_POSTGRES_URL"];
if (url === undefined)
  throw new Error("AGENT_RUNTIME_TEST_POSTGRES_URL is not set: run this through `make test-peers`");
const server = url;

const FACT_WITHIN_MS = 60_000;
/** Cuts the connections that wait for a lock, which only a pass of the sealer does here. */
const CUT_WHO_WAITS =
  "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";

describe("the record on Postgres", () => {
  let database: TestDatabase;
  let dataDir: string;
  let stores: PostgresStore[];
  let services: Service[];

  beforeEach(async () => {
    database = await createDatabase(server);
    dataDir = mkdtempSync(join(tmpdir(), "agent-runtime-audit-"));
    openAuditKey(dataDir);
    services = [];
    stores = [];
    for (let n = 0; n < 2; n += 1) stores.push(await open());
  });
  afterEach(async () => {
    for (const service of services) await service.stop();
    for (const store of stores) await store.close();
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const open = () =>
    openPostgresStore({ url: database.url, clock: systemClock, onError: () => undefined });
  const storeOf = (node: number) => stores[node] as PostgresStore;

  function aSealer(node: number): Service {
    return createAuditSealer({
      store: storeOf(node),
      clock: systemClock,
      auditKey: openAuditKey(dataDir),
      anchorFile: anchorFileOf(dataDir),
      onError: () => undefined,
    });
  }
  async function start(service: Service): Promise<Service> {
    services.push(service);
    await service.start(NEVER);
    return service;
  }
  async function write(commits: number): Promise<void> {
    const results = await Promise.all(
      Array.from({ length: commits }, (_, n) =>
        storeOf(n % 2).commit({
          name: "test",
          actor: "idn_ada",
          cause: "test",
          now: systemClock.now(),
          effects: [enqueue(aJob(`lane-${n}`))],
        }),
      ),
    );
    expect(new Set(results)).toEqual(new Set(["committed"]));
  }
  const verify = (...known: [Parameters<typeof verifySealedAudit>[3]?]) =>
    verifySealedAudit(storeOf(0), dataDir, systemClock.now(), ...known);
  const sealed = () =>
    storeOf(0).changes.waitFor(
      () => true,
      async () => {
        const report = await verify();
        return report.unsealed === 0 ? report : undefined;
      },
      AbortSignal.timeout(FACT_WITHIN_MS),
    );
  /** Settles once this gives rows. */
  const some = (sql: string) =>
    storeOf(0).changes.waitFor(
      () => true,
      async () => (await database.run(sql)).length > 0 || undefined,
      AbortSignal.timeout(FACT_WITHIN_MS),
    );
  /** What is found after all was sealed and anchored, the sealer stopped, and somebody was at the rows. */
  async function problemsAfter(sql: string): Promise<readonly string[]> {
    const sealer = await start(aSealer(0));
    await write(5);
    await sealed();
    await sealer.stop();
    await database.run(sql);
    return (await verify()).problems;
  }

  test("is chained while it is written from several nodes, in whatever order they commit", async () => {
    await start(aSealer(0));
    for (let round = 0; round < 10; round += 1) await write(40);
    expect(await sealed()).toMatchObject({ checked: 400, problems: [], head: { seq: 400 } });
  });

  test("is one chain although two processes seal it at once", async () => {
    await start(aSealer(0));
    await start(aSealer(1));
    for (let round = 0; round < 10; round += 1) await write(40);
    expect(await sealed()).toMatchObject({ checked: 400, problems: [] });
  });

  test("is sealed by the next process when the one that did it ends", async () => {
    const [one, two] = [0, 1].map((node) =>
      withLease(
        {
          engine: createPostgresEngine(storeOf(node), { node: `node-${node}`, leaseMs: 60_000 }),
          clock: systemClock,
          log: { write: () => undefined },
        },
        "audit-sealer",
        aSealer(node),
      ),
    );
    if (one === undefined || two === undefined) throw new Error("there are two");
    await start(one);
    await start(two);
    await write(5);
    expect(await sealed()).toMatchObject({ checked: 5, problems: [] });
    await one.stop();
    await write(5);
    expect(await sealed()).toMatchObject({ checked: 10, problems: [] });
  });

  test("is whole after the connection that sealed it was cut", async () => {
    const holding = database
      .run("select pg_advisory_xact_lock(4276002), pg_sleep(600)")
      .catch(() => undefined);
    await write(40);
    await some(
      "select pid from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'",
    );
    await start(aSealer(0));
    await some(CUT_WHO_WAITS);
    await database.run(
      "select pg_cancel_backend(pid) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'",
    );
    await holding;
    await write(1);
    expect(await sealed()).toMatchObject({ checked: 41, problems: [] });
  });

  test("shows a changed row", async () => {
    expect(await problemsAfter("update audit set actor = 'idn_eve' where place = 3")).toEqual([
      expect.stringContaining("row 3"),
    ]);
  });

  test("shows a missing row", async () => {
    const problems = await problemsAfter("delete from audit where place = 3");
    expect(problems[0]).toContain("rows 3 to 3 are missing");
  });

  test.each([0, -7])("shows a row put in at place %s", async (place) => {
    const problems = await problemsAfter(
      `insert into audit (at_ms, name, actor, cause, effects, ids, digest, hash, place)
        select at_ms, name, 'idn_eve', cause, effects, ids, digest, hash, ${place} from audit where place = 1`,
    );
    expect(problems).toEqual([expect.stringContaining("rows before row 1")]);
  });

  test("shows that all rows were deleted", async () => {
    expect(await problemsAfter("delete from audit")).toEqual([
      expect.stringContaining("the whole record was deleted"),
      expect.stringContaining("the end was cut off"),
    ]);
  });

  test("shows an anchor that is gone or garbage", async () => {
    expect(await problemsAfter("select 1")).toEqual([]);
    writeFileSync(anchorFileOf(dataDir), "garbage\n");
    expect((await verify()).problems).toEqual([expect.stringContaining("holds no line")]);
    rmSync(anchorFileOf(dataDir));
    expect((await verify()).problems).toEqual([expect.stringContaining("is gone")]);
  });

  test("shows an end that was cut off after it was anchored", async () => {
    expect(await problemsAfter("delete from audit where place > 3")).toEqual([
      expect.stringContaining("the end was cut off"),
    ]);
  });

  test("shows a row that was changed and given to the sealer again", async () => {
    await problemsAfter(
      "update audit set actor = 'idn_eve', place = null, hash = '' where place = 5",
    );
    await start(aSealer(1));
    await write(1);
    expect((await sealed()).problems).toEqual([expect.stringContaining("row 5")]);
  });

  test("shows that nobody seals it, and says nothing of rows that were just written", async () => {
    await write(3);
    expect(await verify()).toMatchObject({ unsealed: 3, checked: 0, problems: [] });
    await database.run("update audit set at_ms = at_ms - 120000");
    expect((await verify()).problems).toEqual([expect.stringContaining("3 rows at the end")]);
  });
});
