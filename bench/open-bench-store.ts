import { join } from "node:path";
import { systemClock } from "../src/core/clock.ts";
import { openSqliteStore, type SqliteStore } from "../src/store/sqlite/sqlite-store.ts";
import type { Place } from "./measurement.ts";

/** The store as the runtime opens it, in a directory of its own. */
export function openBenchStore(place: Place): SqliteStore {
  const directory = place.makeDirectory();
  return openSqliteStore({
    file: join(directory, "meta.sqlite"),
    clock: systemClock,
    auditKey: Buffer.alloc(32, 1),
    anchorFile: join(directory, "audit.anchor"),
  });
}
