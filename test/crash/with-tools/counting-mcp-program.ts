// An MCP server over its input and output with one tool, which posts what it is given to COUNTER_URL.
import { createInterface } from "node:readline";

interface Request {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: { readonly arguments?: { readonly id?: string } };
}

const TOOL = {
  name: "act",
  description: "Counts one more.",
  inputSchema: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
};

async function resultOf({ method, params }: Request): Promise<unknown> {
  if (method === "initialize") {
    const serverInfo = { name: "count", version: "1" };
    return { protocolVersion: "2025-06-18", capabilities: { tools: {} }, serverInfo };
  }
  if (method === "tools/list") return { tools: [TOOL] };
  if (method !== "tools/call") return {};
  const url = `${process.env["COUNTER_URL"]}/${params?.arguments?.id}/mcp`;
  const { status } = await fetch(url, { method: "POST" });
  return { content: [{ type: "text", text: `It said ${status}.` }] };
}

createInterface({ input: process.stdin }).on("line", async (line) => {
  const request = JSON.parse(line) as Request;
  if (request.id === undefined) return;
  const result = await resultOf(request).catch(() => process.exit(1));
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id: request.id, result })}\n`);
});
