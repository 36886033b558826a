import type { Selectable } from "kysely";
import { statement } from "../statement.ts";
import type { McpToolsTable } from "../tables/mcp-tools.ts";

export type McpToolRow = Selectable<McpToolsTable>;

/** All that a server ever had, by name. Bounded by what is taken from a server. */
export const mcpToolsOf = statement((db, p: { server: string }) =>
  db.selectFrom("mcp_tools").selectAll().where("server", "=", p.server).orderBy("id"),
);

export const mcpToolById = statement((db, p: { id: string }) =>
  db.selectFrom("mcp_tools").selectAll().where("id", "=", p.id),
);

/** What nobody has approved yet as it is by now, of any server. */
export const waitingMcpTools = statement((db, p: { limit: number }) =>
  db
    .selectFrom("mcp_tools")
    .selectAll()
    .where("waiting_digest", "is not", null)
    .orderBy("id")
    .limit(p.limit),
);
