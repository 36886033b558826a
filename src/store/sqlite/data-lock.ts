import { realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import Database from "better-sqlite3";
import { AppError } from "../../core/errors.ts";
import { look, requireReadable } from "../files/needed-path.ts";

export interface DataLock {
  release(): void;
}

/** What one process at a time may have, and the file whose lock says who. */
interface Claimed {
  readonly what: string;
  readonly file: string;
  readonly variable: string;
  readonly other: string;
}

/**
 * Holds the data directory for this process alone, for as long as it lives: an open exclusive transaction, which the
 * operating system ends with the process however that dies.
 * @throws AppError `conflict` when another process holds it, `unavailable` when it cannot be locked.
 */
export function lockDataDirectory(dataDir: string): DataLock {
  return hold(directoryOf(dataDir));
}

/** The same for the store's file, which may lie in the directory of another runtime. @throws AppError as `lockDataDirectory`. */
export function lockDatabase(dbPath: string): DataLock {
  return hold(databaseOf(dbPath));
}

/** Whether some process holds the directory now. Asks without taking hold itself; false where nobody ever did. @throws AppError when this account cannot tell. */
export function isDataDirectoryLocked(dataDir: string): boolean {
  return isHeld(directoryOf(dataDir));
}

/** Whether some process holds the store's file now. @throws AppError as `isDataDirectoryLocked`. */
export function isDatabaseLocked(dbPath: string): boolean {
  return isHeld(databaseOf(dbPath));
}

/** Beside the file itself, whatever links lead to it: all who would write to it meet at one lock. */
export function databaseLockFile(dbPath: string): string {
  return `${realPath(dbPath)}.lock`;
}

function directoryOf(dataDir: string): Claimed {
  const file = join(dataDir, "lock.db");
  return { what: dataDir, file, variable: "AGENT_RUNTIME_DATA_DIR", other: "another directory" };
}

function databaseOf(dbPath: string): Claimed {
  const file = databaseLockFile(dbPath);
  return { what: dbPath, file, variable: "AGENT_RUNTIME_DB_PATH", other: "another file" };
}

/** A file that is not there yet has its place by the directory it will lie in. */
function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    const directory = dirname(resolve(file));
    try {
      return join(realpathSync(directory), basename(file));
    } catch {
      return resolve(file);
    }
  }
}

function hold(claimed: Claimed): DataLock {
  let database: Database.Database | undefined;
  try {
    database = new Database(claimed.file);
    database.pragma("busy_timeout = 0");
    database.exec("begin exclusive");
  } catch (error) {
    database?.close();
    throw isBusy(error) ? heldByAnother(claimed, error) : notLockable(claimed, error);
  }
  const held = database;
  return { release: () => held.close() };
}

function heldByAnother({ what, variable, other }: Claimed, cause: unknown): AppError {
  return new AppError(
    "conflict",
    `Another agent-runtime is using ${what}. Stop it, or set ${variable} to ${other}.`,
    { cause },
  );
}

function notLockable({ file, variable, other }: Claimed, cause: unknown): AppError {
  const code = cause instanceof Database.SqliteError ? cause.code : String(cause);
  const remedy =
    code === "SQLITE_NOTADB"
      ? "It is damaged and nothing is kept in it: delete it."
      : `Look at its disk (a network share may know no locks), or set ${variable} to ${other}.`;
  return new AppError("unavailable", `${file} cannot be locked (${code}). ${remedy}`, { cause });
}

function isHeld({ file, variable }: Claimed): boolean {
  const needed = { path: file, variable };
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
