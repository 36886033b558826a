import { accessSync, constants } from "node:fs";
import { pathProblem } from "../../core/path-problem.ts";
import { type Connection, openConnection, toStoreError } from "../sqlite/connection.ts";
import { look, requireReadable } from "./needed-path.ts";

const VARIABLE = "AGENT_RUNTIME_DB_PATH";

/** Whether there is a store. @throws AppError when this account may not see or read it: that is not the same as none. */
export function hasStore(dbPath: string): boolean {
  const needed = { path: dbPath, variable: VARIABLE };
  if (look(needed) === undefined) return false;
  requireReadable(needed);
  return true;
}

/** Reads a store that is there, also beside a running service. @throws AppError that says why it cannot be read. */
export function readStore<T>(dbPath: string, read: (connection: Connection) => T): T {
  let connection: Connection | undefined;
  try {
    connection = openConnection(dbPath, { readonly: true });
    return read(connection);
  } catch (error) {
    throw whyUnreadable(dbPath, error);
  } finally {
    connection?.database.close();
  }
}

/** While no service has it open, SQLite writes files beside a store to read it. */
function whyUnreadable(dbPath: string, error: unknown): unknown {
  const { code } = (error ?? {}) as { code?: unknown };
  if (!/^SQLITE_(?:READONLY|CANTOPEN)/.test(String(code))) return toStoreError(error);
  try {
    accessSync(dbPath, constants.W_OK);
    return toStoreError(error);
  } catch (denied) {
    return pathProblem(denied, dbPath, VARIABLE);
  }
}
