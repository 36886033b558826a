import {
  type ApprovedMcpTool,
  approvedMcpTool,
  approveMcpToolRequest,
  type McpServers,
  type McpToolView,
  mcpServers,
} from "../../client/shapes/mcp.ts";
import { newId } from "../../core/ids.ts";
import { approveMcpTool } from "../../operations/approve-mcp-tool.ts";
import { listMcpTools } from "../../operations/list-mcp-tools.ts";
import { commitDecision } from "../../store/commit-decision.ts";
import type { McpToolRow } from "../../store/queries/mcp-tools.ts";
import { route } from "../route.ts";

const list = route({
  method: "get",
  path: "/api/v1/mcp",
  summary: "The MCP servers in use, how they are, and what waits for an approval of their tools.",
  permission: "manage:tools",
  responses: { 200: { description: "All of them.", schema: mcpServers } },
  async handle({ context, actor }, { store, clock, ports }) {
    const { problem, roomProblem, changedFiles, servers } = ports.readMcpServers();
    const ids = servers.map(({ id }) => id);
    const rows = await listMcpTools({ store, now: clock.now() }, actor, { servers: ids });
    const answer: McpServers = {
      problem: problem ?? null,
      room_problem: roomProblem ?? null,
      changed_files: [...changedFiles],
      items: servers.map((server) => ({
        ...server,
        message: ports.redact(server.message),
        problems: server.problems.map(ports.redact),
        tools: rows.filter((row) => row.server === server.id).map(toView),
      })),
      count: servers.length,
    };
    return context.json(answer);
  },
});

function toView(row: McpToolRow): McpToolView {
  const { id, name, definition, digest, waiting_definition, waiting_digest } = row;
  const waits = definition === null ? "new" : "changed";
  return {
    name: id,
    server_name: name,
    state: waiting_digest === null ? "approved" : waits,
    digest: waiting_digest ?? digest ?? "",
    definition: waiting_definition ?? definition ?? "",
    approved_definition: definition,
  };
}

const approve = route({
  method: "post",
  path: "/api/v1/mcp/approve",
  summary:
    "Lets a tool be used as its server describes it now; 409 when it has changed since it was read.",
  permission: "manage:tools",
  body: approveMcpToolRequest,
  responses: { 200: { description: "It can be used.", schema: approvedMcpTool } },
  async handle({ context, actor, body }, deps) {
    const step = { name: "approve-mcp-tool", actor: actor.id, cause: newId("commit") };
    const { id } = await commitDecision(deps, step, (now) =>
      approveMcpTool({ store: deps.store, now }, actor, body),
    );
    const answer: ApprovedMcpTool = { tool: id };
    return context.json(answer);
  },
});

export const mcpRoutes = [list, approve];
