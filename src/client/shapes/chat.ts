import { z } from "zod";
import { label, visibleName, writtenText } from "./text-field.ts";

const CHAT_CONNECTORS = ["codex", "cline", "gemini", "api", "cli"] as const;
const MAX_CHAT_WAIT_SECONDS = 120;

export const chatRequest = z
  .strictObject({
    connector: z.enum(CHAT_CONNECTORS).default("codex"),
    external_id: label
      .optional()
      .describe("The conversation. Default: `from_user_id`, then `codex-cli`."),
    display_name: visibleName
      .optional()
      .describe("Title of the conversation. Default: `external_id`."),
    from_user_id: label.optional().describe("A label only: the key decides who speaks."),
    text: writtenText,
    message_id: label
      .optional()
      .describe(
        "Makes a repeat harmless: the same id is never handled twice; with another text it is a 409.",
      ),
    wait_seconds: z
      .int()
      .min(0)
      .max(MAX_CHAT_WAIT_SECONDS)
      .default(60)
      .describe("How long to wait for the answer."),
  })
  .meta({ id: "ChatRequest" });
export type ChatRequest = z.input<typeof chatRequest>;

export const chatReply = z
  .object({
    handled: z.boolean().describe("True when it was answered or became a task."),
    reply: z.string().describe("All replies as plain text, an empty line between them."),
    message_id: z
      .string()
      .describe("The id of the message here, good for `explain` and for asking again."),
    outcome: z.enum(["answered", "task", "dropped", "failed", "pending"]),
    reason: z.string().optional(),
    waits_for: z
      .array(z.object({ approval_id: z.string(), line: z.string() }))
      .optional()
      .describe(
        "The approvals that the work waits for; then `outcome` is `pending` at once, and `reply` shows what is asked.",
      ),
  })
  .meta({ id: "ChatReply" });
export type ChatReply = z.infer<typeof chatReply>;
