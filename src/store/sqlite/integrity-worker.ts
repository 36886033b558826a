import { parentPort, workerData } from "node:worker_threads";
import Database from "better-sqlite3";

/** Runs SQLite's own check of a file away from the main thread and says what it found. */
const database = new Database(workerData as string, { readonly: true });
const rows = database.pragma("quick_check(20)") as { quick_check: string }[];
database.close();
parentPort?.postMessage(rows.map((row) => row.quick_check).filter((text) => text !== "ok"));
