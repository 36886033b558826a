import { z } from "zod";
import { label, writtenText } from "./text-field.ts";

export const conversationQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: label.optional().describe("`next_before` of the page before: older items."),
});

const conversationItem = z
  .object({
    kind: z.enum(["message", "reply"]),
    id: z.string(),
    message_id: z
      .string()
      .describe(
        "For a message the id the page gave it; for a reply the id of the message it answers, or empty.",
      ),
    text: z.string().describe("Plain text of a message, Markdown of a reply."),
    spoken: z
      .string()
      .describe(
        "How a reply begins, to be read aloud: no marks, no addresses. Of a message empty.",
      ),
    buttons: z.array(
      z.object({
        label: z.string(),
        command: z.string(),
        press_id: z
          .string()
          .describe(
            "The `message_id` to press it with: a second press, wherever it is made, is the same message.",
          ),
      }),
    ),
    outcome: z
      .string()
      .describe("Of a message: answered, task, dropped, failed or pending; of a reply empty."),
    reason: z.string(),
    run_state: z.string().describe("Of the run this belongs to; empty when there is none."),
    created_at_unix: z.int(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: "ConversationItem" });
export type ConversationItem = z.infer<typeof conversationItem>;

export const conversationPage = z
  .object({
    context_id: z.string().describe("Empty before the first message."),
    items: z.array(conversationItem).describe("Oldest first."),
    count: z.int(),
    next_before: z.string().nullable().describe("Null when nothing is older."),
    is_working: z
      .boolean()
      .describe(
        "A message waits for its answer or a turn is running; one that waits for an approval does not.",
      ),
  })
  .meta({ id: "Conversation" });
export type ConversationPage = z.infer<typeof conversationPage>;

export const postMessageRequest = z
  .strictObject({
    message_id: label.describe(
      "Made by the sender; a repeat with the same id and text is harmless.",
    ),
    text: writtenText,
    pressed: z
      .boolean()
      .optional()
      .describe(
        "The text is the command of a button, and `message_id` its `press_id`: what must be typed is not done.",
      ),
  })
  .meta({ id: "PostMessageRequest" });
export type PostMessageRequest = z.input<typeof postMessageRequest>;

export const postedMessage = z.object({ id: z.string() }).meta({ id: "PostedMessage" });
export type PostedMessage = z.infer<typeof postedMessage>;
