import { z } from "zod";
import { label } from "./text-field.ts";

const workspaceView = z
  .object({
    id: z.string(),
    name: z.string(),
    owner_user_id: z.string().nullable().describe("Whose own it is; null: nobody's."),
    context_count: z.int().describe("How many conversations are in it."),
    created_at_unix: z.int(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: "Workspace" });
export type WorkspaceView = z.infer<typeof workspaceView>;

export const workspaceQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: label.optional().describe("`next_cursor` of the page before."),
});
export type WorkspaceQuery = z.input<typeof workspaceQuery>;

export const workspacePage = z
  .object({
    items: z.array(workspaceView),
    count: z.int().describe("How many items this page holds."),
    next_cursor: z.string().nullable().describe("Null on the last page."),
  })
  .meta({ id: "WorkspacePage" });
export type WorkspacePage = z.infer<typeof workspacePage>;

export const createWorkspaceRequest = z
  .strictObject({ name: label })
  .meta({ id: "CreateWorkspaceRequest" });

export const createdWorkspace = z
  .object({ id: z.string(), name: z.string() })
  .meta({ id: "CreatedWorkspace" });
export type CreatedWorkspace = z.infer<typeof createdWorkspace>;

export const bindContextRequest = z
  .strictObject({
    context_id: label.describe("The id of a chat, or a unique tail of 6 characters or more."),
    workspace_id: label.describe("The id, or a unique tail of 6 characters or more."),
  })
  .meta({ id: "BindContextRequest" });
export type BindContextRequest = z.infer<typeof bindContextRequest>;

export const boundContext = z
  .object({
    context_id: z.string(),
    workspace_id: z.string(),
    workspace_name: z.string(),
    moved_context_ids: z
      .array(z.string())
      .describe("It and the topics that moved with it; empty when it was there already."),
  })
  .meta({ id: "BoundContext" });
export type BoundContext = z.infer<typeof boundContext>;
