import { z } from "zod";
import { label } from "./text-field.ts";

const contextView = z
  .object({
    id: z.string(),
    workspace_id: z.string(),
    workspace_name: z.string(),
    connector: z.string(),
    external_id: z.string(),
    kind: z.enum(["private", "group"]),
    title: z.string(),
    supervises: z
      .enum(["nothing", "workspace", "hub"])
      .describe("Of what admins are told there: `workspace`, its own; `hub`, all."),
    is_asleep: z
      .boolean()
      .describe(
        "Nothing is told there for now: whoever set that in this private chat is no admin.",
      ),
    addressing: z
      .enum(["mention", "all"])
      .nullable()
      .describe("Which text of a group is for the model; null: as the configuration says."),
    is_triaged: z.boolean(),
    has_prompt: z.boolean(),
    created_at_unix: z.int(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: "Context", description: "A conversation and what holds in it." });
export type ContextView = z.infer<typeof contextView>;

export const contextQuery = z.strictObject({
  workspace_id: label.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: label.optional().describe("`next_cursor` of the page before."),
});
export type ContextQuery = z.input<typeof contextQuery>;

export const contextPage = z
  .object({
    items: z.array(contextView),
    count: z.int().describe("How many items this page holds."),
    next_cursor: z.string().nullable().describe("Null on the last page."),
  })
  .meta({ id: "ContextPage" });
export type ContextPage = z.infer<typeof contextPage>;

export const resetContextRequest = z
  .strictObject({ context_id: label.describe("The id, or a unique tail of 6 characters or more.") })
  .meta({ id: "ResetContextRequest" });

export const resetContext = z
  .object({ context_id: z.string(), title: z.string() })
  .meta({ id: "ResetContext" });
export type ResetContext = z.infer<typeof resetContext>;
