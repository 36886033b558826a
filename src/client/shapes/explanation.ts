import { z } from "zod";
import { receivedFile } from "./file.ts";

export const idParams = z.strictObject({
  id: z.string().min(1).max(200).describe("The id, or a unique tail of 6 characters or more."),
});

/** Of a step, or of a whole run. */
const measures = {
  duration_ms: z.int().nullable().describe("Null while it goes on."),
  input_tokens: z.int(),
  output_tokens: z.int(),
  cost_micro_usd: z.int().describe("Millionths of a dollar."),
};

const explainedRun = z.object({
  id: z.string(),
  state: z.string(),
  model: z.string(),
  error: z.string(),
  prompt_digest: z
    .string()
    .describe("Of the instructions it was told last; empty before the first call."),
  tools_digest: z.string().describe("Of the tools it was offered last."),
  first_prompt_digest: z
    .string()
    .describe("Of its first call: another one when the prompt was changed while it went on."),
  first_tools_digest: z.string().describe("The same of the tools."),
  tainted_by: z.array(z.string()).describe("Whose words it has read, for whom nobody vouches."),
  steps: z.array(
    z.object({
      number: z.int(),
      kind: z.string(),
      name: z.string(),
      state: z.string(),
      error: z.string(),
      started_at: z.iso.datetime(),
      finished_at: z.iso.datetime().nullable(),
      ...measures,
    }),
  ),
  approvals: z
    .array(
      z.object({
        id: z.string(),
        tool: z.string(),
        state: z.string(),
        execution: z.string(),
        in_words: z.string().describe("Who decided, when, and what became of it."),
      }),
    )
    .describe("What a person was asked about."),
  ...measures,
});

export const explanation = z
  .object({
    message: z.object({
      id: z.string(),
      connector: z.string(),
      external_id: z.string().describe("The platform's own id of the message."),
      kind: z.string(),
      received_at_unix: z.int(),
      received_at: z.iso.datetime(),
    }),
    context: z.object({
      id: z.string(),
      workspace_id: z.string(),
      kind: z.string(),
      title: z.string(),
    }),
    person: z
      .object({ user_id: z.string(), display_name: z.string(), role: z.string() })
      .nullable()
      .describe("Null for a stranger."),
    edit_of: z.string().nullable().describe("Of an edit: the message it changes."),
    edits: z
      .array(z.object({ id: z.string(), outcome: z.string(), reason: z.string() }))
      .describe("What became of its edits; dropped(replaced): the message itself says it now."),
    rule: z.string().describe("Which rule of the gateway decided; empty while nothing is decided."),
    outcome: z.enum(["answered", "task", "dropped", "failed", "pending"]),
    reason: z.string(),
    files: z.array(receivedFile).describe("What came with it and was to be saved."),
    run: explainedRun.nullable(),
    task: z
      .object({ id: z.string(), title: z.string(), status: z.string(), error: z.string() })
      .nullable(),
    task_run: explainedRun.nullable(),
    deliveries: z.array(
      z.object({
        id: z.string(),
        kind: z.string(),
        state: z.string(),
        is_marked: z.boolean().describe("It may have arrived twice, and says so."),
        error: z.string(),
        updated_at: z.iso.datetime(),
      }),
    ),
    jobs: z
      .array(
        z.object({
          id: z.string(),
          kind: z.string(),
          state: z.string(),
          attempts: z.int(),
          error: z.string(),
        }),
      )
      .describe("Work still to be done, or given up."),
    commits: z.array(
      z.object({ seq: z.int(), name: z.string(), actor: z.string(), at: z.iso.datetime() }),
    ),
    lines: z.array(z.string()).describe("The same in plain words."),
  })
  .meta({
    id: "Explanation",
    description: "The whole way of a message. None of what was said in it.",
  });
export type Explanation = z.infer<typeof explanation>;
export type ExplainedRun = z.infer<typeof explainedRun>;
