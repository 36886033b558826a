import { parseButtonData } from "../core/delivery/button-data.ts";
import { listButtons } from "../core/rich-text/list-buttons.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import type { OperationDeps } from "../operations/operation.ts";
import { type DeliveryRow, deliveryById } from "../store/queries/deliveries.ts";
import { runRowById } from "../store/queries/runs.ts";
import type { MessageFacts } from "./message-facts.ts";

/**
 * Who thought of a command: the person who typed it, the runtime by a button, or a model by one. `tainted_button`: a model
 * that had read what others wrote, or nobody knows who.
 */
export type Origin = "command" | "button" | "model_button" | "tainted_button";

/** The same for a message. A press on the page bears the id of its button, which counts where we said it, with its command. */
export async function findOrigin(
  deps: OperationDeps,
  { message, context, isPressed }: MessageFacts,
): Promise<Origin> {
  if (!isPressed) return "command";
  const pressed = parseButtonData(message.external_message_id);
  const delivery = pressed && (await deps.store.first(deliveryById, { id: pressed.deliveryId }));
  if (delivery?.context_id !== context.id) return "tainted_button";
  const button = listButtons(JSON.parse(delivery.body) as RichText)[pressed?.index ?? 0];
  const isTheirs = button?.command.trim() === message.text.trim();
  return isTheirs ? await originOf(deps, delivery) : "tainted_button";
}

/** Of the buttons of a delivery. The cards of a run are ours, not its model's. */
export async function originOf(
  { store }: OperationDeps,
  { run_id: runId, card }: Pick<DeliveryRow, "run_id" | "card">,
): Promise<Origin> {
  if (runId === null || card !== null) return "button";
  const run = await store.first(runRowById, { id: runId });
  return run?.taint === 0 ? "model_button" : "tainted_button";
}
