import { join } from "node:path";
import Database from "better-sqlite3";
import { AppError } from "../../core/errors.ts";
import { look, requireReadable } from "../files/needed-path.ts";

const LOCK_FILE = "lock.db";

export interface DataLock {
  release(): void;
}

/**
 * Holds the data directory for this process alone, for as long as it lives: an open exclusive transaction, which the
 * operating system ends with the process however that dies.
 * @throws AppError `conflict` when another process holds it, `unavailable` when it cannot be locked.
 */
export function lockDataDirectory(dataDir: string): DataLock {
  const file = join(dataDir, LOCK_FILE);
  let database: Database.Database | undefined;
  try {
    database = new Database(file);
    database.pragma("busy_timeout = 0");
    database.exec("begin exclusive");
  } catch (error) {
    database?.close();
    throw isBusy(error) ? heldByAnother(dataDir, error) : notLockable(file, error);
  }
  const held = database;
  return { release: () => held.close() };
}

function heldByAnother(dataDir: string, cause: unknown): AppError {
  return new AppError(
    "conflict",
    `Another agent-runtime is using ${dataDir}. Stop it, or set AGENT_RUNTIME_DATA_DIR to another directory.`,
    { cause },
  );
}

function notLockable(file: string, cause: unknown): AppError {
  const code = cause instanceof Database.SqliteError ? cause.code : String(cause);
  const remedy =
    code === "SQLITE_NOTADB"
      ? "It is damaged and nothing is kept in it: delete it."
      : "Look at its disk (a network share may know no locks), or set AGENT_RUNTIME_DATA_DIR to another directory.";
  return new AppError("unavailable", `${file} cannot be locked (${code}). ${remedy}`, { cause });
}

/** Whether some process holds the directory now. Asks without taking hold itself; false where nobody ever did. @throws AppError when this account cannot tell. */
export function isDataDirectoryLocked(dataDir: string): boolean {
  const file = join(dataDir, LOCK_FILE);
  const needed = { path: file, variable: "AGENT_RUNTIME_DATA_DIR" };
  if (look(needed) === undefined) return false;
  requireReadable(needed);
  const database = new Database(file, { readonly: true });
  try {
    database.pragma("busy_timeout = 0");
    database.prepare("select 1 from sqlite_master").get();
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw error;
  } finally {
    database.close();
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY");
}
