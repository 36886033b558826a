import type { Config } from "../config/config.ts";
import type { Log } from "../core/log.ts";
import { openSandbox } from "../sandbox/open-sandbox.ts";
import type { CodeDeps } from "../tools/code/run-in-sandbox.ts";

/** What the code tools run their programs in. That there are no walls around them is said in the log. */
export async function openCodeDeps(
  config: Config["sandbox"],
  log: Log,
  signal: AbortSignal,
): Promise<CodeDeps> {
  const { sandbox, warning } = await openSandbox(signal);
  if (warning !== undefined) log.write("warn", "no sandbox", { detail: warning });
  return {
    sandbox,
    allowedCommands: config.allowedCommands,
    limits: {
      timeMs: config.timeoutSeconds * 1_000,
      outputBytes: config.maxOutputBytes,
      memoryBytes: config.maxMemoryMb * 1_000_000,
      processes: config.maxProcesses,
      fileBytes: config.maxFileMb * 1_000_000,
      scratchBytes: config.scratchMb * 1_048_576,
    },
  };
}
