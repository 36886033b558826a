import { z } from "zod";

const mcpToolView = z
  .object({
    name: z.string().describe("As the model calls it."),
    server_name: z.string().describe("As the server calls it."),
    state: z
      .enum(["approved", "changed", "new"])
      .describe("`changed` and `new`: it cannot be used until `digest` is approved."),
    digest: z.string().describe("Of what the server says of it now."),
    definition: z.string().describe("What the server says of it now, as JSON: a stranger's text."),
    approved_definition: z
      .string()
      .nullable()
      .describe("What was approved; null when nothing was."),
  })
  .meta({ id: "McpTool" });
export type McpToolView = z.infer<typeof mcpToolView>;

const mcpServerView = z
  .object({
    id: z.string(),
    state: z.enum(["connecting", "connected", "down", "unusable"]),
    message: z.string().describe("What is wrong; empty when nothing is."),
    problems: z.array(z.string()).describe("What of its tools is left out, and why."),
    tools: z.array(mcpToolView).describe("All it ever had, by name."),
  })
  .meta({ id: "McpServer" });

export const mcpServers = z
  .object({
    problem: z.string().nullable().describe("Why none of the servers file is used."),
    room_problem: z
      .string()
      .nullable()
      .describe(
        "All tools together take more than half of AGENT_RUNTIME_CONTEXT_TOKENS, and what to do.",
      ),
    changed_files: z
      .array(z.string())
      .describe(
        "Files of servers, plugins and actions that say something else since the service was started, which read them then.",
      ),
    items: z.array(mcpServerView).describe("The servers that the operator has enabled."),
    count: z.int(),
  })
  .meta({ id: "McpServers" });
export type McpServers = z.infer<typeof mcpServers>;

export const approveMcpToolRequest = z
  .strictObject({
    tool: z.string().min(1).max(64).describe("As the model calls it."),
    digest: z.string().max(64).describe("Of what you have read, at least its first 12 letters."),
  })
  .meta({ id: "ApproveMcpToolRequest" });
export type ApproveMcpToolRequest = z.infer<typeof approveMcpToolRequest>;

export const approvedMcpTool = z.object({ tool: z.string() }).meta({ id: "ApprovedMcpTool" });
export type ApprovedMcpTool = z.infer<typeof approvedMcpTool>;
