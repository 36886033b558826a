import { statement } from "../statement.ts";

export const settingByKey = statement((db, p: { key: string }) =>
  db.selectFrom("settings").select("value").where("key", "=", p.key),
);
