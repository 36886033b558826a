import type { Config } from "../config/config.ts";
import { NEVER } from "../core/abort.ts";
import type { Log } from "../core/log.ts";
import { createToolbox, type Toolbox } from "../tools/toolbox.ts";
import { listTools } from "./list-tools.ts";
import { openCodeDeps } from "./open-code-deps.ts";
import type { OpenedExtensions } from "./open-extensions.ts";

/** Every tool of this installation, put together. */
export async function createTools(
  config: Config,
  added: Pick<OpenedExtensions, "tools" | "actions" | "source">,
  log: Log,
): Promise<Toolbox> {
  const { tools, mail, sandbox } = config;
  const code = await openCodeDeps(config, log, NEVER);
  const builtIn = listTools({
    code,
    runsPrograms: sandbox.enabled,
    actions: added.actions,
    skillsRoot: config.prompts.skillsRoot,
    search: tools,
    network: { allowedHosts: tools.allowedHosts },
    mail: { from: mail.host === undefined ? undefined : mail.from },
    modelRules: { ...config.llm, guardrails: config.guardrails },
  });
  return createToolbox([...builtIn, ...added.tools], [added.source]);
}
