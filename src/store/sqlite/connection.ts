import Database from "better-sqlite3";
import { AppError } from "../../core/errors.ts";
import type { CompiledStatement, SqlValue, Statement } from "../statement.ts";

type Prepared = Database.Statement<SqlValue[]>;

const MAX_CACHED_QUERIES = 200;

/** One SQLite connection with its prepared statements: declared ones kept for ever, composed ones the last 200. */
export interface Connection {
  readonly database: Database.Database;
  /** Rows changed. */
  run<P>(statement: Statement<P>, params: P): number;
  get<P, R>(statement: Statement<P, R>, params: P): R | undefined;
  all<P, R>(statement: Statement<P, R>, params: P): R[];
  query(sql: string, values: readonly unknown[]): unknown[];
}

export function openConnection(file: string, options: { readonly readonly: boolean }): Connection {
  const database = new Database(file, {
    readonly: options.readonly,
    fileMustExist: options.readonly,
  });
  database.pragma("busy_timeout = 5000");
  if (!options.readonly) {
    database.pragma("journal_mode = WAL");
    database.pragma("synchronous = FULL");
    database.pragma("journal_size_limit = 67108864");
    // 16 MB between checkpoints: pages that many commits change are copied into the file once.
    database.pragma("wal_autocheckpoint = 4096");
  }
  database.pragma("foreign_keys = ON");

  const declared = new Map<CompiledStatement, Prepared>();
  const composed = new Map<string, Prepared>();

  function prepared(compiled: CompiledStatement): Prepared {
    let known = declared.get(compiled);
    if (known === undefined) {
      known = database.prepare<SqlValue[]>(compiled.sql);
      declared.set(compiled, known);
    }
    return refuseStrayWrite(known);
  }

  /** Whatever writes does so in a transaction, and so in a commit. */
  function refuseStrayWrite(statement: Prepared): Prepared {
    if (statement.readonly || database.inTransaction) return statement;
    throw new AppError("internal", "a read may not write");
  }

  return {
    database,
    run(statement, params) {
      const compiled = statement.compiled("sqlite");
      return prepared(compiled).run(...compiled.bind(params as object)).changes;
    },
    get<P, R>(statement: Statement<P, R>, params: P) {
      const compiled = statement.compiled("sqlite");
      return prepared(compiled).get(...compiled.bind(params as object)) as R | undefined;
    },
    all<P, R>(statement: Statement<P, R>, params: P) {
      const compiled = statement.compiled("sqlite");
      return prepared(compiled).all(...compiled.bind(params as object)) as R[];
    },
    query(sql, values) {
      let known = composed.get(sql);
      if (known === undefined) {
        known = database.prepare<SqlValue[]>(sql);
        if (composed.size >= MAX_CACHED_QUERIES)
          composed.delete(composed.keys().next().value ?? "");
      } else {
        composed.delete(sql);
      }
      composed.set(sql, known);
      return refuseStrayWrite(known).all(...(values as SqlValue[]));
    },
  };
}

/** True when the statement met a row that was there already. */
export function isUniqueViolation(error: unknown): boolean {
  return (
    error instanceof Database.SqliteError &&
    (error.code === "SQLITE_CONSTRAINT_UNIQUE" || error.code === "SQLITE_CONSTRAINT_PRIMARYKEY")
  );
}

/** What the store could not do, in words that tell the operator what to look at. */
export function toStoreError(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const hints: Record<string, string> = {
    SQLITE_FULL:
      "The disk is full: the store cannot write. Free some space; work goes on by itself.",
    SQLITE_READONLY: "The store's file is read-only. Make it writable; work goes on by itself.",
    SQLITE_BUSY: "The store is locked by another program.",
    SQLITE_CORRUPT: "The store's file is damaged. Stop the service and restore a backup.",
    SQLITE_NOTADB: "The store's file is not a database. Stop the service and restore a backup.",
  };
  const code = Object.keys(hints).find((prefix) => error.code.startsWith(prefix));
  if (
    code === undefined &&
    !error.code.startsWith("SQLITE_IOERR") &&
    !error.code.startsWith("SQLITE_CANTOPEN")
  )
    return error;
  const hint =
    (code && hints[code]) ?? "The store's file cannot be read or written. Look at the disk.";
  return new AppError("unavailable", hint, { cause: error });
}
