import { mkdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { attend } from "./attend.ts";
import { GUARDS, startProcessGroup } from "./process-group.ts";
import type { Sandbox } from "./sandbox.ts";

/**
 * For machines without a sandbox: a command runs as the runtime itself, in the workspace, with an empty environment and
 * the limits of time, output and processes. Nothing keeps it from files and network, so a person is asked every time.
 */
export function createNoWalls(): Sandbox {
  return {
    isWalled: false,
    async run(command, signal) {
      signal.throwIfAborted();
      const workspace = await realpath(command.workspace);
      await mkdir(join(workspace, "scratch"), { recursive: true, mode: 0o700 });
      const group = startProcessGroup({
        argv: command.argv,
        cwd: workspace,
        env: { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: workspace, LANG: "C.UTF-8" },
      });
      return await attend(group, command, GUARDS, signal);
    },
  };
}
