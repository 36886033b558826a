import { statement } from "../statement.ts";

/** The buttons of a delivery that have done their work. */
export const usedButtons = statement((db, p: { deliveryId: string }) =>
  db.selectFrom("button_uses").select("button_index").where("delivery_id", "=", p.deliveryId),
);
