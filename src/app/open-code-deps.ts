import type { Config } from "../config/config.ts";
import type { Log } from "../core/log.ts";
import { openSandbox } from "../sandbox/open-sandbox.ts";
import type { CodeDeps } from "../tools/code/run-in-sandbox.ts";

/** What the code tools run their programs in. That there are no walls around them is said in the log. */
export async function openCodeDeps(
  config: Config,
  log: Log,
  signal: AbortSignal,
): Promise<CodeDeps> {
  const { sandbox: settings } = config;
  const { sandbox, warning } = await openSandbox(signal, { hidden: listOwnPaths(config) });
  if (warning !== undefined) log.write("warn", "no sandbox", { detail: warning });
  return {
    sandbox,
    allowedCommands: settings.allowedCommands,
    limits: {
      timeMs: settings.timeoutSeconds * 1_000,
      outputBytes: settings.maxOutputBytes,
      memoryBytes: settings.maxMemoryMb * 1_000_000,
      processes: settings.maxProcesses,
      fileBytes: settings.maxFileMb * 1_000_000,
      scratchBytes: settings.scratchMb * 1_048_576,
    },
  };
}

/** What holds secrets, or is the workspace of others. */
function listOwnPaths({ storage, extensions, envFile }: Config): readonly string[] {
  const { dataDir, workspaceRoot, dbPath } = storage;
  const { mcpConfig, pluginsDir, actionsFile } = extensions;
  const database = ["", "-wal", "-shm"].map((end) => `${dbPath}${end}`);
  return [dataDir, workspaceRoot, ...database, mcpConfig, pluginsDir, actionsFile, envFile];
}
