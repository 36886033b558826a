import { path } from "./kinds.ts";
import { setting } from "./setting.ts";

/** Where the operator lists what the agent can do besides what is built in. */
export const EXTENSION_SETTINGS = {
  mcpConfig: setting(
    "MCP_CONFIG",
    path,
    "<DATA_DIR>/ext/mcp/servers.json",
    "The MCP servers whose tools may be used; see [MCP servers and plugins](how-to/add-an-mcp-server.md). Without the file there are none.",
  ),
  pluginsDir: setting(
    "EXT_PLUGINS_DIR",
    path,
    "<DATA_DIR>/ext/plugins",
    "Programs that are tools, a folder each; see [MCP servers and plugins](how-to/add-an-mcp-server.md).",
  ),
  actionsFile: setting(
    "ACTIONS_FILE",
    path,
    "<DATA_DIR>/ext/actions.json",
    "The actions that `run_action` may set off; see [tools](tools.md). Without the file there are none.",
  ),
} as const;
