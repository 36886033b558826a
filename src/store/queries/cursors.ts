import { statement } from "../statement.ts";

/** `id` is `<connector>:<account>`. */
export const cursorById = statement((db, p: { id: string }) =>
  db.selectFrom("cursors").selectAll().where("id", "=", p.id),
);
