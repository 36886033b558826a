import { parseButtonData } from "../core/delivery/button-data.ts";
import { PULLED_CONNECTORS } from "../core/delivery/delivery.ts";
import type { Effect } from "../core/effect/effect.ts";
import { newId } from "../core/ids.ts";
import { laneOf, PRIORITY } from "../core/job/lanes.ts";
import { listButtons } from "../core/rich-text/list-buttons.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import type { OperationDeps } from "../operations/operation.ts";
import { usedButtons } from "../store/queries/button-uses.ts";
import { type ContextRow, contextByAddress, contextById } from "../store/queries/contexts.ts";
import { type DeliveryRow, deliveryById, newestRevision } from "../store/queries/deliveries.ts";
import { messageById } from "../store/queries/messages.ts";
import { personByIdentityId } from "../store/queries/people.ts";
import { type Origin, originOf } from "./find-origin.ts";
import type { MessageFacts } from "./message-facts.ts";

export type PressedButton =
  /** Made up, or of another chat. */
  | { readonly kind: "unknown" }
  /** It stands under an answer to somebody else. */
  | { readonly kind: "for_another" }
  | { readonly kind: "used" }
  /** The card says something else by now: here is what. */
  | { readonly kind: "outdated"; readonly now: RichText }
  | {
      readonly kind: "usable";
      /** Where it stands, and so what its command is about. */
      readonly context: ContextRow;
      readonly command: string;
      readonly origin: Origin;
      /** What its use changes, to be committed with what it starts. */
      readonly uses: readonly Effect[];
      /** What takes it off when it turns out that it can do nothing any more; pressed again it says so again. */
      readonly withdrawal: readonly Effect[];
    };

/** The button that a press names, by what we sent: nothing in the press itself is believed. */
export async function findPressedButton(
  deps: OperationDeps,
  facts: MessageFacts,
): Promise<PressedButton> {
  const { store } = deps;
  const pressed = parseButtonData(facts.buttonData ?? "");
  if (pressed === undefined) return { kind: "unknown" };
  const { deliveryId, index } = pressed;
  const delivery = await store.first(deliveryById, { id: deliveryId });
  const context = delivery && (await placeOf(deps, facts, delivery));
  if (delivery === undefined || context === undefined) return { kind: "unknown" };
  const button = listButtons(JSON.parse(delivery.body) as RichText)[index];
  if (button === undefined) return { kind: "unknown" };
  if (!(await isForPresser(deps, facts, delivery))) return { kind: "for_another" };
  const newest = await store.first(newestRevision, { deliveryId: delivery.revises ?? deliveryId });
  if (newest !== undefined && newest.id !== deliveryId) {
    return { kind: "outdated", now: JSON.parse(newest.body) as RichText };
  }
  const used = await store.all(usedButtons, { deliveryId });
  if (used.some((one) => one.button_index === index)) return { kind: "used" };
  return {
    kind: "usable",
    context,
    command: button.command,
    origin: await originOf(deps, delivery),
    uses: [
      { type: "use-button", deliveryId, index, messageId: facts.message.id },
      ...withdraw(deps, facts, delivery),
    ],
    withdrawal: withdraw(deps, facts, delivery, index),
  };
}

/**
 * The conversation that a message stands in, when it is that of the press, a topic of it (of an old message the platform
 * tells the chat alone), or one that stepped aside for it when their chat got another id.
 */
async function placeOf(
  { store }: OperationDeps,
  { context }: MessageFacts,
  delivery: DeliveryRow,
): Promise<ContextRow | undefined> {
  const { connector, account, external_id: chat } = context;
  if (delivery.context_id === context.id) return context;
  const place = await store.first(contextById, { id: delivery.context_id });
  if (place?.connector !== connector || place.account !== account) return undefined;
  const { external_id: externalId } = place;
  if (externalId.startsWith(`${chat}:`)) return place;
  const inItsPlace = await store.first(contextByAddress, { connector, account, externalId });
  return inItsPlace?.id === context.id ? place : undefined;
}

/** In a group everybody sees the buttons of an answer; they are for whom it answers. A notice answers nobody. */
async function isForPresser(
  { store }: OperationDeps,
  { message, context, person }: MessageFacts,
  delivery: DeliveryRow,
): Promise<boolean> {
  // A card is for whoever may do what it offers, whoever it answers.
  if (context.kind === "private" || delivery.message_id === null || delivery.card !== null)
    return true;
  const asked = await store.first(messageById, { id: delivery.message_id });
  if (asked === undefined) return true;
  if (
    asked.connector === message.connector &&
    asked.sender_external_id !== null &&
    asked.sender_external_id === message.sender_external_id
  ) {
    return true;
  }
  if (asked.identity_id === null || person === undefined) return false;
  const asker = await store.first(personByIdentityId, { id: asked.identity_id });
  return asker?.user_id === person.user_id;
}

function withdraw(
  { now }: OperationDeps,
  { message }: MessageFacts,
  { id: deliveryId, card }: DeliveryRow,
  pointlessIndex?: number,
): readonly Effect[] {
  // A card is written anew by whatever was decided, and its buttons with it.
  if (card !== null || PULLED_CONNECTORS.has(message.connector)) return [];
  return [
    {
      type: "enqueue-job",
      job: {
        id: newId("job"),
        kind: "withdraw-buttons",
        payload: { deliveryId, ...(pointlessIndex === undefined ? {} : { pointlessIndex }) },
        lane: laneOf.buttons(deliveryId),
        priority: PRIORITY.outbound,
        runAtMs: now,
      },
    },
  ];
}
