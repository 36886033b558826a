import type { McpServers } from "../../../src/client/shapes/mcp.ts";
import { request } from "./request.ts";

export async function readMcpServers(signal: AbortSignal): Promise<McpServers> {
  return (await request("/api/v1/mcp", { signal })) as McpServers;
}

/** `digest`: of what was read, so that nothing else is let in. */
export async function approveMcpTool(
  tool: string,
  digest: string,
  signal: AbortSignal,
): Promise<void> {
  await request("/api/v1/mcp/approve", { method: "POST", body: { tool, digest }, signal });
}
