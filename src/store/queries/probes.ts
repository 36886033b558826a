import { statement } from "../statement.ts";

export const probeById = statement((db, p: { id: string }) =>
  db.selectFrom("probes").select("finished_at_ms").where("id", "=", p.id),
);
