import { statement } from "../statement.ts";

export const spendOf = statement((db, p: { key: string }) =>
  db
    .selectFrom("spend")
    .select(["spent_micro_usd", "reserved_micro_usd", "raised_micro_usd"])
    .where("key", "=", p.key),
);
