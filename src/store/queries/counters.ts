import { statement } from "../statement.ts";

export const counterOf = statement((db, p: { key: string; windowStartMs: number }) =>
  db
    .selectFrom("counters")
    .select("count")
    .where("key", "=", p.key)
    .where("window_start_ms", "=", p.windowStartMs),
);
