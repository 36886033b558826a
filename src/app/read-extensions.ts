import type { Config } from "../config/config.ts";
import { type McpServers, readMcpServers } from "../tools/mcp/servers-file.ts";
import { type Plugins, readPlugins } from "../tools/plugin/read-plugins.ts";

/** What the operator has added to the agent's tools, as its files say now. Never throws. */
export function readExtensions({ extensions, storage, findVariable }: Config): {
  readonly mcp: McpServers;
  readonly plugins: Plugins;
} {
  const { workspaceRoot } = storage;
  return {
    mcp: readMcpServers({ path: extensions.mcpConfig, workspaceRoot, findVariable }),
    plugins: readPlugins({ directory: extensions.pluginsDir, workspaceRoot, findVariable }),
  };
}
