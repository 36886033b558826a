import pg from "pg";
import { systemClock } from "../../src/core/clock.ts";
import { randomBase32 } from "../../src/core/ids.ts";
import { createPostgresEngine } from "../../src/orchestrator/engines/postgres-engine.ts";
import { openPostgresStore } from "../../src/store/postgres/postgres-store.ts";
import type { StoreBackend } from "../contracts/store-backend.ts";

const LEASE_MS = 60_000;

/** A database of its own on the real server at `url`, dropped afterwards. */
export function postgresBackend(url: string): StoreBackend {
  return {
    name: "Postgres",
    async open() {
      const name = `agent_runtime_${randomBase32(10)}`;
      await administer(url, `create database ${name}`);
      const databaseUrl = Object.assign(new URL(url), { pathname: `/${name}` }).toString();
      const errors: unknown[] = [];
      const store = await openPostgresStore({
        url: databaseUrl,
        clock: systemClock,
        onError: (error) => errors.push(error),
      });
      return {
        store,
        clock: systemClock,
        engine: (node) => createPostgresEngine(store, { node, leaseMs: LEASE_MS }),
        async expireClaims() {
          await administer(
            databaseUrl,
            "update jobs set lease_until_ms = 0 where state = 'running'",
          );
        },
        async close() {
          await store.close();
          await administer(url, `drop database ${name}`);
          if (errors.length > 0) throw new Error("the store reported errors", { cause: errors[0] });
        },
      };
    },
  };
}

async function administer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
