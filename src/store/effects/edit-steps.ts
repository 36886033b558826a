import type { EffectOf } from "../../core/effect/effect.ts";
import { statement } from "../statement.ts";
import { type CompiledEffect, write } from "./step.ts";

const replaceMessage = statement((db, p: { id: string; editId: string }) =>
  db
    .updateTable("messages")
    .from("messages as edit")
    .set((eb) => ({
      text: eb.ref("edit.text"),
      addressed: eb.ref("edit.addressed"),
      reply_to_external_id: eb.ref("edit.reply_to_external_id"),
      payload: eb.ref("edit.payload"),
      version: eb("messages.version", "+", eb.lit(1)),
    }))
    .where("messages.id", "=", p.id)
    .where("messages.kind", "in", ["message", "edit"])
    .where((eb) =>
      eb.or([
        eb("messages.outcome", "=", "pending"),
        eb.exists(
          eb
            .selectFrom("tasks")
            .select("tasks.id")
            .whereRef("tasks.id", "=", "messages.task_id")
            .whereRef("tasks.message_id", "=", "messages.id")
            .where("tasks.status", "=", "blocked")
            .where("tasks.run_id", "is", null),
        ),
      ]),
    )
    .where("edit.id", "=", p.editId)
    .where("edit.kind", "=", "edit")
    .where("edit.outcome", "=", "pending")
    .where("edit.rule", "is", null)
    .whereRef("edit.id", "<>", "messages.id")
    .whereRef("edit.connector", "=", "messages.connector")
    .whereRef("edit.account", "=", "messages.account")
    .where("edit.edit_of", "=", (eb) =>
      eb.fn.coalesce("messages.edit_of", "messages.external_message_id"),
    )
    .whereRef("edit.sender_external_id", "=", "messages.sender_external_id")
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("runs")
            .select("runs.id")
            .where((one) =>
              one.or([
                one("runs.message_id", "=", one.ref("messages.id")),
                one("runs.id", "=", one.ref("messages.run_id")),
              ]),
            )
            .where((one) =>
              one.or([
                one("runs.state", "<>", "queued"),
                one("runs.started_at_ms", "is not", null),
              ]),
            ),
        ),
      ),
    ),
);

export const editSteps = {
  "replace-message": ({ id, editId }: EffectOf<"replace-message">): CompiledEffect => ({
    steps: [write(replaceMessage, { id, editId })],
    changes: [{ topic: "messages", id }],
  }),
};
