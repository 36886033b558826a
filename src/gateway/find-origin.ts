import { listButtons } from "../core/rich-text/list-buttons.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import type { OperationDeps } from "../operations/operation.ts";
import { recentDeliveriesOfContext } from "../store/queries/deliveries.ts";
import type { MessageFacts } from "./message-facts.ts";

/** Who thought of a command: the person who typed it, the runtime by a button, or a model by one. */
export type Origin = "command" | "button" | "model_button";

const MOST_SEARCHED = 200;

/**
 * The same for a message. The page says only that a button was pressed, not where it stood: it is ours when we said it
 * there lately.
 */
export async function findOrigin(
  { store }: OperationDeps,
  { message, context, isPressed }: MessageFacts,
): Promise<Origin> {
  if (!isPressed) return "command";
  const said = await store.all(recentDeliveriesOfContext, {
    contextId: context.id,
    limit: MOST_SEARCHED,
  });
  const pressed = message.text.trim();
  const isOurs = said.some(
    ({ run_id: runId, body }) =>
      runId === null &&
      listButtons(JSON.parse(body) as RichText).some(({ command }) => command.trim() === pressed),
  );
  return isOurs ? "button" : "model_button";
}
