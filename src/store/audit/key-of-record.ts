import { join } from "node:path";
import { look } from "../files/needed-path.ts";
import { hasStore, readStore } from "../files/read-store.ts";
import { heldWork } from "../queries/audit.ts";
import { lastAudit } from "../queries/bookkeeping.ts";
import type { Connection } from "../sqlite/connection.ts";

/** What to do when the key of a record that is there is gone; `undefined` when it is not. Rows made with a new one would not fit. */
export function findKeyProblem(files: {
  readonly dbPath: string;
  readonly dataDir: string;
}): string | undefined {
  const { dbPath, dataDir } = files;
  const path = join(dataDir, "audit.key");
  if (look({ path, variable: "AGENT_RUNTIME_DATA_DIR" }) !== undefined) return undefined;
  if (!hasStore(dbPath) || !readStore(dbPath, hasRecord)) return undefined;
  return (
    `${path} is gone, but ${dbPath} holds a record that was made with it. Restore the key from a backup. ` +
    `Without one, only an empty store can begin a new record: move ${dbPath}, what lies beside it under that name, and ${join(dataDir, "audit.anchor")} away.`
  );
}

/** A file that no start has finished has no tables yet. */
function hasRecord(connection: Connection): boolean {
  const table = connection.database
    .prepare("select 1 from sqlite_master where type = 'table' and name = 'audit'")
    .get();
  if (table === undefined) return false;
  return connection.get(lastAudit, {}) !== undefined || connection.get(heldWork, {}) !== undefined;
}
