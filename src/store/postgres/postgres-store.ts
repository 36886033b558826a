import pg from "pg";
import type { Clock } from "../../core/clock.ts";
import type { Change } from "../../core/effect/change.ts";
import type { CommitResult } from "../../core/effect/commit.ts";
import { AppError } from "../../core/errors.ts";
import { createChanges } from "../changes.ts";
import { POSTGRES } from "../dialect.ts";
import { compileCommit } from "../effects/compile-commit.ts";
import { MIGRATIONS, MIGRATIONS_TABLE, pendingMigrations } from "../migrations/migrations.ts";
import { appliedMigrations, insertUnsealedAudit, recordMigration } from "../queries/bookkeeping.ts";
import { builderFor, type Statement } from "../statement.ts";
import type { Store } from "../store.ts";
import { GuardFailed } from "./guard-failed.ts";
import { createNotifier } from "./notifier.ts";
import { runCommit } from "./run-commit.ts";
import { asTransaction, type Transaction } from "./transaction.ts";

const INT8 = 20;
/** Serialization failure, deadlock, unique violation: another writer was there first. */
const CONFLICT_CODES = new Set(["40001", "40P01", "23505"]);
const MIGRATION_LOCK = 4_276_001;

export interface PostgresStore extends Store {
  readonly dialect: "postgres";
  /** A write that is not a commit: the engine's claims. */
  transact<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
}

/** Connects and upgrades the schema (one process at a time). @throws AppError `unavailable` when the server does not answer. */
export async function openPostgresStore(options: {
  readonly url: string;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}): Promise<PostgresStore> {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: 10,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    types: { getTypeParser: typeParser },
  });
  pool.on("error", options.onError);
  // A connection that is cut between two statements of a transaction fails the next of them; that is all it needs to do.
  pool.on("connect", (client) => client.on("error", () => undefined));
  const changes = createChanges(options.clock);

  async function transact<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      await client.query("begin");
      const value = await work(asTransaction(client));
      await client.query("commit");
      return value;
    } catch (error) {
      await client.query("rollback").catch((failure: Error) => {
        broken = failure;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }

  await transact(upgrade(options.clock)).catch((error) => {
    throw toStoreError(error);
  });
  const notifier = await createNotifier({ ...options, changes });

  async function read<P, R>(statement: Statement<P, R>, params: P): Promise<R[]> {
    const { sql, bind } = statement.compiled("postgres");
    const result = await pool.query(sql, bind(params as object)).catch((error) => {
      throw toStoreError(error);
    });
    return result.rows as R[];
  }

  return {
    dialect: "postgres",
    changes,
    transact,
    async commit(input) {
      const compiled = compileCommit(input, POSTGRES);
      let told: readonly Change[] = [];
      try {
        const result = await transact<CommitResult>(async (transaction) => {
          told = await runCommit(transaction, compiled);
          if (compiled.audit !== undefined)
            await transaction.run(insertUnsealedAudit, compiled.audit);
          return "committed";
        });
        changes.publish(told);
        notifier.notify(told);
        return result;
      } catch (error) {
        return resultOf(error);
      }
    },
    first: async (statement, params) => (await read(statement, params))[0],
    all: read,
    async list(build) {
      const { sql, parameters } = build(builderFor("postgres")).compile();
      const result = await pool.query(sql, [...parameters]).catch((error) => {
        throw toStoreError(error);
      });
      return result.rows;
    },
    async close() {
      await notifier.close();
      await pool.end();
    },
  };
}

/** The outcome a failed guard or a lost race stands for. @throws what is neither. */
function resultOf(error: unknown): CommitResult {
  if (error instanceof GuardFailed) return error.result;
  if (error instanceof pg.DatabaseError && CONFLICT_CODES.has(error.code ?? "")) return "conflict";
  throw toStoreError(error);
}

function upgrade(clock: Clock) {
  return async (transaction: Transaction): Promise<void> => {
    await transaction.exec(`select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    await transaction.exec(MIGRATIONS_TABLE);
    const applied = (await transaction.all(appliedMigrations, {})).map((row) => row.name);
    for (const migration of pendingMigrations(applied, MIGRATIONS)) {
      for (const sql of migration.statements(POSTGRES)) await transaction.exec(sql);
      await transaction.run(recordMigration, { name: migration.name, now: clock.now() });
    }
  };
}

function typeParser(oid: number, format?: "text" | "binary"): (value: string) => unknown {
  if (oid === INT8) return Number;
  return pg.types.getTypeParser(oid, format as "text") as (value: string) => unknown;
}

function toStoreError(error: unknown): unknown {
  if (error instanceof AppError) return error;
  if (error instanceof pg.DatabaseError && !/^(53|57|58|08)/.test(error.code ?? "")) return error;
  return new AppError(
    "unavailable",
    "The database does not answer. Look at the server; work goes on by itself.",
    { cause: error },
  );
}
