import { z } from "zod";
import { APPROVAL_STATES, EXECUTION_STATES } from "../../core/approval/approval.ts";
import { PRESETS } from "../../core/approval/policy.ts";
import { TOOL_CLASSES } from "../../core/tool/tool-facts.ts";
import { errorBody } from "./error.ts";
import { label } from "./text-field.ts";

const MAX_APPROVAL_PAGE = 500;
const MAX_SHADOW_DAYS = 90;

export const approvalView = z
  .object({
    id: z.string(),
    state: z.enum(APPROVAL_STATES),
    execution: z
      .enum(EXECUTION_STATES)
      .describe("What became of the call. `unknown`: the runtime ended while it ran."),
    tool: z.string(),
    tool_class: z.enum(TOOL_CLASSES),
    sensitivity: z.string().describe("How much the call may do, by which the policy asks."),
    line: z.string().describe("What would happen, in one line."),
    arguments: z.unknown().describe("What exactly is asked for. Secrets are masked."),
    is_repeat: z
      .boolean()
      .describe("It may have happened already: the runtime ended while it was being done."),
    tainted_by: z.array(z.string()).describe("What others wrote that the work has read."),
    policy_version: z.string(),
    workspace_id: z.string(),
    context_id: z.string(),
    context_title: z.string(),
    connector: z.string(),
    run_id: z.string(),
    task_id: z.string(),
    message_id: z.string(),
    requested_by_user_id: z.string(),
    requested_by: z.string().describe("Who the work is for, by name."),
    decided_by_user_id: z.string().describe("Empty when time, or the end of the work, decided."),
    decided_by: z.string().describe("By name."),
    note: z.string(),
    created_at_unix: z.int(),
    created_at: z.iso.datetime(),
    expires_at_unix: z.int(),
    expires_at: z.iso.datetime(),
    decided_at_unix: z.int(),
    decided_at: z.iso.datetime().nullable(),
    executed_at_unix: z.int(),
    executed_at: z.iso.datetime().nullable(),
    in_words: z.string().describe("Who decided, when, and what became of it."),
  })
  .meta({ id: "Approval", description: "A call of a tool that a person is asked about." });
export type ApprovalView = z.infer<typeof approvalView>;

export const approvalQuery = z.strictObject({
  state: z.enum(APPROVAL_STATES).optional(),
  context_id: label.optional().describe("The id, or a unique tail of 6 characters or more."),
  workspace_id: label.optional().describe("The id, or a unique tail of 6 characters or more."),
  limit: z.coerce.number().int().min(1).max(MAX_APPROVAL_PAGE).default(100),
  cursor: label.optional().describe("`next_cursor` of the page before."),
});
export type ApprovalQuery = z.input<typeof approvalQuery>;

export const approvalPage = z
  .object({
    items: z.array(approvalView).describe("Newest first."),
    count: z.int().describe("How many items this page holds."),
    next_cursor: z.string().nullable().describe("Null on the last page."),
  })
  .meta({ id: "ApprovalPage" });
export type ApprovalPage = z.infer<typeof approvalPage>;

export const approvalParams = z.strictObject({
  id: label.describe("The whole id: what is approved must be certain."),
});

export const decideApprovalRequest = z
  .strictObject({
    approved: z.boolean(),
    note: z
      .string()
      .max(500)
      .optional()
      .describe("Why, for the record; the model is told why it was denied."),
  })
  .meta({ id: "DecideApprovalRequest" });
export type DecideApprovalRequest = z.input<typeof decideApprovalRequest>;

export const undecidableApproval = errorBody
  .extend({ approval: approvalView })
  .meta({ id: "UndecidableApproval", description: "It was decided before, or is too old: how." });

export const shadowQuery = z.strictObject({
  preset: z.enum(PRESETS).describe("What would be asked about."),
  days: z.coerce.number().int().min(1).max(MAX_SHADOW_DAYS).default(7),
});
export type ShadowQuery = z.input<typeof shadowQuery>;

const shadowCount = z.object({
  calls: z.int(),
  would_ask: z.int(),
  would_allow: z.int(),
  would_refuse: z.int(),
  cannot_judge: z.int().describe("Its tool is gone, or takes other arguments by now."),
  was_asked: z.int().describe("How many a person was asked about."),
});

export const shadowReport = z
  .object({
    preset: z.enum(PRESETS),
    days: z.int(),
    is_cut: z.boolean().describe("There were more calls: only the newest were judged."),
    total: shadowCount,
    by_tool: z.array(shadowCount.extend({ tool: z.string() })),
    by_context: z.array(shadowCount.extend({ context_id: z.string(), context_title: z.string() })),
  })
  .meta({
    id: "ShadowReport",
    description:
      "What another preset would have asked about, with the roles of now and the taint that each run ended with.",
  });
export type ShadowReport = z.infer<typeof shadowReport>;
