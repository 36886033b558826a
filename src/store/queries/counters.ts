import { statement } from "../statement.ts";

export const counterOf = statement((db, p: { key: string }) =>
  db.selectFrom("counters").select(["window_start_ms", "count"]).where("key", "=", p.key),
);
