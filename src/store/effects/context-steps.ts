import type { EffectOf } from "../../core/effect/effect.ts";
import { statement } from "../statement.ts";
import { type CompiledEffect, write } from "./step.ts";

const relocateContext = statement(
  (db, p: { id: string; fromExternalId: string; toExternalId: string }) =>
    db
      .updateTable("contexts")
      .set((eb) => ({ external_id: p.toExternalId, version: eb("version", "+", eb.lit(1)) }))
      .where("id", "=", p.id)
      .where("external_id", "=", p.fromExternalId)
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom("contexts as there")
              .select("there.id")
              .whereRef("there.connector", "=", "contexts.connector")
              .whereRef("there.account", "=", "contexts.account")
              .where("there.external_id", "=", p.toExternalId),
          ),
        ),
      ),
);

export const contextSteps = {
  "relocate-context": ({
    id,
    fromExternalId,
    toExternalId,
  }: EffectOf<"relocate-context">): CompiledEffect => ({
    steps: [write(relocateContext, { id, fromExternalId, toExternalId })],
    changes: [{ topic: "contexts", id }],
  }),
};
