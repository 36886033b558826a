import { parseButtonData } from "../core/delivery/button-data.ts";
import { listButtons } from "../core/rich-text/list-buttons.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import type { OperationDeps } from "../operations/operation.ts";
import { deliveryById } from "../store/queries/deliveries.ts";
import type { MessageFacts } from "./message-facts.ts";

/** Who thought of a command: the person who typed it, the runtime by a button, or a model by one. */
export type Origin = "command" | "button" | "model_button";

/** The same for a message. A press on the page bears the id of its button, which counts where we said it, with its command. */
export async function findOrigin(
  { store }: OperationDeps,
  { message, context, isPressed }: MessageFacts,
): Promise<Origin> {
  if (!isPressed) return "command";
  const pressed = parseButtonData(message.external_message_id);
  const delivery = pressed && (await store.first(deliveryById, { id: pressed.deliveryId }));
  if (delivery?.context_id !== context.id || delivery.run_id !== null) return "model_button";
  const button = listButtons(JSON.parse(delivery.body) as RichText)[pressed?.index ?? 0];
  return button?.command.trim() === message.text.trim() ? "button" : "model_button";
}
