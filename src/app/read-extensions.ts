import type { Config } from "../config/config.ts";
import { type Actions, readActions } from "../tools/admin/read-actions.ts";
import { type McpServers, readMcpServers } from "../tools/mcp/servers-file.ts";
import { type Plugins, readPlugins } from "../tools/plugin/read-plugins.ts";

/** What the operator has added to the agent's tools, as its files say now. Never throws. */
export function readExtensions({ extensions, storage, findVariable }: Config): {
  readonly mcp: McpServers;
  readonly plugins: Plugins;
  readonly actions: Actions;
} {
  const { workspaceRoot } = storage;
  return {
    mcp: readMcpServers({ path: extensions.mcpConfig, workspaceRoot, findVariable }),
    plugins: readPlugins({ directory: extensions.pluginsDir, workspaceRoot, findVariable }),
    actions: readActions({ path: extensions.actionsFile, workspaceRoot, findVariable }),
  };
}
