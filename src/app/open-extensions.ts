import type { Config } from "../config/config.ts";
import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/log.ts";
import { systemRandom } from "../core/random.ts";
import type { Redactor } from "../core/redact.ts";
import type { Service } from "../core/service.ts";
import type { HttpApiPorts } from "../http-api/ports.ts";
import type { Store } from "../store/store.ts";
import type { Action } from "../tools/admin/action.ts";
import { createMcpServers } from "../tools/mcp/mcp-servers.ts";
import { pluginTool } from "../tools/plugin/plugin-tool.ts";
import type { Tool } from "../tools/tool.ts";
import type { ToolSource } from "../tools/toolbox.ts";
import { readExtensions } from "./read-extensions.ts";
import type { ToolRoom } from "./tool-room.ts";
import { watchExtensionFiles } from "./watch-extension-files.ts";

interface ExtensionDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly redactor: Redactor;
  readonly version: string;
}

/** What the operator has added to the agent's tools, ready for the toolbox. */
export interface OpenedExtensions {
  /** The plugins. */
  readonly tools: readonly Tool[];
  /** What `run_action` may set off. */
  readonly actions: readonly Action[];
  /** The tools of MCP servers. */
  readonly source: ToolSource;
  /** Starts before the workers, which may go on with an approved call of it at once. */
  readonly service: Service;
  readonly readMcpServers: HttpApiPorts["readMcpServers"];
  /** The files that say something else by now than they said when they were read. */
  listChangedFiles(): readonly string[];
  /** Looks at the room that tools take whenever there may be others, from the start of the service on. */
  watch(room: ToolRoom): void;
}

/** Reads the operator's files once. What is wrong in them is logged, and keeps nothing else from working. */
export function openExtensions(config: Config, deps: ExtensionDeps): OpenedExtensions {
  const { clock, log, redactor } = deps;
  // Before they are read: what changes in between is rather told in vain than not at all.
  const listChangedFiles = watchExtensionFiles(config.extensions);
  const { mcp, plugins, actions } = readExtensions(config);
  const secrets = [mcp, plugins, actions].flatMap((one) => one.secrets);
  for (const secret of secrets) redactor.addSecret(secret);
  const unusable = mcp.servers.flatMap(({ id, problem }) =>
    problem === undefined ? [] : [`The MCP server ${id} cannot be used. ${problem}`],
  );
  for (const detail of [mcp.problem, ...unusable, ...plugins.problems, ...actions.problems])
    if (detail !== undefined) log.write("error", "an extension is not used", { detail });
  let room: ToolRoom | undefined;
  const onTools = () => room?.look();
  const servers = createMcpServers({ ...deps, random: systemRandom, onTools }, mcp.servers);
  return {
    tools: plugins.plugins.map((plugin) => pluginTool(clock, plugin)),
    actions: actions.actions,
    source: servers.source,
    service: servers.service,
    listChangedFiles,
    watch: (opened) => {
      room = opened;
    },
    readMcpServers: () => ({
      problem: mcp.problem,
      roomProblem: room?.findProblem(),
      changedFiles: listChangedFiles(),
      servers: servers.states(),
    }),
  };
}
