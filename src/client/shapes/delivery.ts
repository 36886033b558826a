import { z } from "zod";
import { DELIVERY_STATES } from "../../core/delivery/delivery.ts";
import { label } from "./text-field.ts";

const deliveryView = z
  .object({
    id: z.string(),
    context_id: z.string(),
    connector: z.string(),
    external_id: z.string().describe("The chat there."),
    context_title: z
      .string()
      .describe("What the chat is called, by whoever named it there; empty when nobody did."),
    kind: z.string(),
    state: z.enum(DELIVERY_STATES),
    parts_sent: z.int().describe("How many parts of it have arrived for sure."),
    is_marked: z.boolean().describe("Some of it may have arrived twice, and says so."),
    error: z.string().describe("What went wrong last."),
    dropped_by: z.string(),
    drop_reason: z.string(),
    message_id: z.string().describe("What it answers; empty when nobody asked."),
    run_id: z.string(),
    task_id: z.string(),
    created_at_unix: z.int(),
    created_at: z.iso.datetime(),
    updated_at_unix: z.int(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: "Delivery", description: "A reply on its way. None of what is said in it." });
export type DeliveryView = z.infer<typeof deliveryView>;

export const deliveryQuery = z.strictObject({
  state: z.enum(DELIVERY_STATES).optional(),
  context_id: label.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: label.optional().describe("`next_cursor` of the page before."),
});
export type DeliveryQuery = z.input<typeof deliveryQuery>;

export const deliveryPage = z
  .object({
    items: z.array(deliveryView).describe("Newest first."),
    count: z.int().describe("How many items this page holds."),
    next_cursor: z.string().nullable().describe("Null on the last page."),
  })
  .meta({ id: "DeliveryPage" });
export type DeliveryPage = z.infer<typeof deliveryPage>;

const deliveryId = label.describe("The id, or a unique tail of 6 characters or more.");
/** Why something was given up, when nobody says. */
const reason = label.default("not needed").describe("Goes to the record.");

export const replayDeliveryRequest = z
  .strictObject({ delivery_id: deliveryId })
  .meta({ id: "ReplayDeliveryRequest" });

export const dropDeliveryRequest = z
  .strictObject({ delivery_id: deliveryId, reason })
  .meta({ id: "DropDeliveryRequest" });
export type DropDeliveryRequest = z.input<typeof dropDeliveryRequest>;

export const movedDelivery = z
  .object({ delivery_id: z.string(), state: z.enum(DELIVERY_STATES) })
  .meta({
    id: "MovedDelivery",
    description: "`unknown`: what may have arrived already is marked when it is sent again.",
  });
export type MovedDelivery = z.infer<typeof movedDelivery>;
