import { createSecretKey } from "node:crypto";
import { existsSync } from "node:fs";
import { type Clock, toIso } from "../../core/clock.ts";
import type { Change } from "../../core/effect/change.ts";
import type { Commit, CommitResult } from "../../core/effect/commit.ts";
import { createAnchor } from "../audit/anchor.ts";
import { createChanges } from "../changes.ts";
import { SQLITE } from "../dialect.ts";
import { compileCommit } from "../effects/compile-commit.ts";
import { MIGRATIONS_TABLE, type Migration, pendingMigrations } from "../migrations/migrations.ts";
import { appliedMigrations, recordMigration } from "../queries/bookkeeping.ts";
import { builderFor } from "../statement.ts";
import type { Store } from "../store.ts";
import { openAuditRecord } from "./audit-record.ts";
import { type Connection, openConnection, toStoreError } from "./connection.ts";
import { createGroupCommit } from "./group-commit.ts";
import { runCommit } from "./run-commit.ts";

export interface SqliteStore extends Store {
  readonly dialect: "sqlite";
  /** A write that is not a commit: the engine's claims. Shares the group transaction. */
  transact<T>(work: (connection: Connection) => T): Promise<T>;
}

interface SqliteStoreOptions {
  readonly file: string;
  readonly clock: Clock;
  /** 32 bytes that never enter the database. */
  readonly auditKey: Buffer;
  readonly anchorFile: string;
  readonly onAnchorError?: (error: unknown) => void;
  /** For tests of upgrades; the released list otherwise. */
  readonly migrations?: readonly Migration[];
}

/** Opens the file, upgrading an older one. @throws AppError `conflict` for a file of a newer version, `unavailable` when it cannot be opened. */
export function openSqliteStore(options: SqliteStoreOptions): SqliteStore {
  const { clock } = options;
  const auditKey = createSecretKey(options.auditKey);
  // One connection for all: another one would lose its cached pages at every commit of this one.
  const connection = openUpgraded(options);
  const changes = createChanges(clock);
  const anchor = createAnchor(
    options.anchorFile,
    clock,
    options.onAnchorError ?? (() => undefined),
  );

  const record = openAuditRecord(connection, auditKey, anchor);
  let published: Change[] = [];
  const group = createGroupCommit(connection.database, {
    begin() {
      record.begin();
      published = [];
    },
    rollback: record.rollback,
    committed(isSynced) {
      record.committed(isSynced);
      if (published.length > 0) changes.publish(published);
    },
  });

  async function commit(input: Commit): Promise<CommitResult> {
    const compiled = compileCommit(input, SQLITE);
    const write = (): CommitResult => {
      record.refuseIfShared();
      const told = runCommit(connection, compiled);
      if (compiled.audit !== undefined) record.append(compiled.audit);
      published.push(...told);
      return "committed";
    };
    return group.run(write, { isSynced: input.isSyncedWithNext !== true });
  }

  return {
    dialect: "sqlite",
    changes,
    commit,
    first: async (statement, params) => readSafely(() => connection.get(statement, params)),
    all: async (statement, params) => readSafely(() => connection.all(statement, params)),
    list: async (build) => {
      const { sql, parameters } = build(builderFor("sqlite")).compile();
      return readSafely(() => connection.query(sql, parameters) as never);
    },
    transact: (work) =>
      group.run(() => {
        record.refuseIfShared();
        return work(connection);
      }),
    async close() {
      await group.drain();
      await anchor.close();
      connection.database.close();
    },
  };
}

function readSafely<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw toStoreError(error);
  }
}

function openUpgraded({ file, clock, migrations }: SqliteStoreOptions): Connection {
  const isNew = !existsSync(file);
  const connection = readSafely(() => openConnection(file, { readonly: false }));
  try {
    upgrade(connection, clock, migrations, isNew);
    return connection;
  } catch (error) {
    connection.database.close();
    throw toStoreError(error);
  }
}

function upgrade(
  connection: Connection,
  clock: Clock,
  known: readonly Migration[] | undefined,
  isNew: boolean,
): void {
  const { database } = connection;
  database.exec(MIGRATIONS_TABLE);
  const applied = connection.all(appliedMigrations, {}).map((row) => row.name);
  const pending = pendingMigrations(applied, known);
  if (pending.length === 0) return;
  if (!isNew && applied.length > 0)
    database.exec(`vacuum into '${backupPath(database.name, clock).replaceAll("'", "''")}'`);
  for (const migration of pending) {
    database.transaction(() => {
      for (const sql of migration.statements(SQLITE)) database.exec(sql);
      connection.run(recordMigration, { name: migration.name, now: clock.now() });
    })();
  }
}

/** The file as it was stays beside the upgraded one. */
function backupPath(file: string, clock: Clock): string {
  return `${file}.before-${toIso(clock.now()).replaceAll(/[:.]/g, "-")}`;
}
