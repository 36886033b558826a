import type { Config } from "../config/config.ts";
import { systemClock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import { pluginTool } from "../tools/plugin/plugin-tool.ts";
import { createTools } from "./create-toolbox.ts";
import { readExtensions } from "./read-extensions.ts";
import { createToolRoom } from "./tool-room.ts";

const SILENT: Log = { write: () => undefined };

/** What is wrong with the room that tools take where nothing runs: nobody knows the tools of MCP servers then. */
export async function findRoomProblem(config: Config): Promise<string | undefined> {
  const { mcp, plugins, actions } = readExtensions(config);
  const added = {
    tools: plugins.plugins.map((plugin) => pluginTool(systemClock, plugin)),
    actions: actions.actions,
    source: { list: () => [], readWithout: async () => () => false },
  };
  const toolbox = await createTools(config, added, SILENT);
  const problem = createToolRoom(toolbox, config.prompts.contextTokens, SILENT).findProblem();
  const isAll = problem === undefined || mcp.servers.length === 0;
  return isAll ? problem : `${problem} The tools of MCP servers come on top of that.`;
}
