import { createSqliteEngine } from "../../src/orchestrator/engines/sqlite-engine.ts";
import { openTestStore } from "../support/open-test-store.ts";
import type { StoreBackend } from "./store-backend.ts";

export const sqliteBackend: StoreBackend = {
  name: "SQLite",
  async open() {
    const { store, clock, close } = await openTestStore();
    return {
      store,
      clock,
      engine: (process) => createSqliteEngine(store, clock, process),
      // A claim is void as soon as another process owns the file; nothing has to be done to it.
      expireClaims: async () => undefined,
      close,
    };
  },
};
