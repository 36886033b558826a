import type { EffectOf } from "../../core/effect/effect.ts";
import { statement } from "../statement.ts";
import type { ButtonUsesTable } from "../tables/button-uses.ts";
import type { CommitFacts } from "./commit-facts.ts";
import { type CompiledEffect, write } from "./step.ts";

const insertUse = statement((db, p: ButtonUsesTable) =>
  db
    .insertInto("button_uses")
    .values({
      delivery_id: p.delivery_id,
      button_index: p.button_index,
      message_id: p.message_id,
      used_at_ms: p.used_at_ms,
    })
    .onConflict((oc) => oc.columns(["delivery_id", "button_index"]).doNothing()),
);

export const buttonSteps = {
  "use-button": (e: EffectOf<"use-button">, { now }: CommitFacts): CompiledEffect => ({
    steps: [
      write(insertUse, {
        delivery_id: e.deliveryId,
        button_index: e.index,
        message_id: e.messageId,
        used_at_ms: now,
      }),
    ],
    changes: [{ topic: "deliveries", id: e.deliveryId }],
  }),
};
