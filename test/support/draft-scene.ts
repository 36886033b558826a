import type { EffectOf } from "../../src/core/effect/effect.ts";
import { doc, p } from "../../src/core/rich-text/build.ts";
import type { RichText } from "../../src/core/rich-text/rich-text.ts";
import type { OpenDelivery } from "./open-delivery.ts";

/** The turn whose answer grows. */
export const RUN: EffectOf<"create-run"> = {
  type: "create-run",
  id: "run_1",
  kind: "turn",
  workspaceId: "ws_chat",
  contextId: "ctx_chat",
  userId: null,
  messageId: null,
  taskId: null,
  taint: false,
};

/** What becomes of an answer that grows, in the delivery that is open by then. */
export function draftScene(opened: () => OpenDelivery) {
  const queueDraft = (body: RichText = doc(p("So "))) =>
    opened().queue(body, undefined, { runId: RUN.id, isDraft: true });
  return {
    queueDraft,
    queueReply: (body: RichText = doc(p("So it is."))) =>
      opened().queue(body, undefined, { runId: RUN.id }),
    endRun: (to: "succeeded" | "cancelled" = "succeeded") =>
      opened().commit([
        { type: "move-run", id: RUN.id, from: ["queued"], to, model: null, error: null },
      ]),
    async show() {
      const draft = await queueDraft();
      await opened().run();
      return draft;
    },
  };
}
