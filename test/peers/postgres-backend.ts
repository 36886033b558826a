import pg from "pg";
import { systemClock } from "../../src/core/clock.ts";
import { randomBase32 } from "../../src/core/ids.ts";
import { createPostgresEngine } from "../../src/orchestrator/engines/postgres-engine.ts";
import { openPostgresStore } from "../../src/store/postgres/postgres-store.ts";
import type { StoreBackend } from "../contracts/store-backend.ts";
import { checkPostgresInvariants } from "./check-postgres-invariants.ts";

const LEASE_MS = 60_000;

/** A database of its own on the real server at `url`, dropped afterwards. */
export function postgresBackend(url: string): StoreBackend {
  return {
    name: "Postgres",
    async open() {
      const database = await createDatabase(url);
      const errors: unknown[] = [];
      const store = await openPostgresStore({
        url: database.url,
        clock: systemClock,
        onError: (error) => errors.push(error),
      });
      return {
        store,
        clock: systemClock,
        engine: (node) => createPostgresEngine(store, { node, leaseMs: LEASE_MS }),
        async expireClaims() {
          await database.run("update jobs set lease_until_ms = 0 where state = 'running'");
        },
        async close() {
          await store.close();
          await database.drop();
          if (errors.length > 0) throw new Error("the store reported errors", { cause: errors[0] });
        },
      };
    },
  };
}

export interface TestDatabase {
  readonly url: string;
  /** Runs it past the store, over a connection of its own; returns the rows. */
  run(sql: string): Promise<unknown[]>;
  /** Drops it and fails the test when an invariant of the data is broken. */
  drop(): Promise<void>;
}

/** A database of its own on the real server at `url`. */
export async function createDatabase(url: string): Promise<TestDatabase> {
  const name = `agent_runtime_${randomBase32(10)}`;
  await administer(url, `create database ${name}`);
  const databaseUrl = Object.assign(new URL(url), { pathname: `/${name}` }).toString();
  const run = (sql: string) => administer(databaseUrl, sql);
  return {
    url: databaseUrl,
    run,
    async drop() {
      try {
        await checkPostgresInvariants(run);
      } finally {
        await administer(url, `drop database ${name}`);
      }
    },
  };
}

async function administer(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
