import { spawn } from "node:child_process";
import { mkdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { attend } from "./attend.ts";
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
      const [program, ...args] = command.argv;
      const child = spawn(program, args, {
        cwd: workspace,
        stdio: "pipe",
        // A group of its own, so that whatever it starts ends with it.
        detached: true,
        env: { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: workspace, LANG: "C.UTF-8" },
      });
      const kill = () => {
        if (child.pid !== undefined) killGroup(child.pid);
      };
      return await attend(child, command, kill, signal).finally(kill);
    },
  };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing of it runs any more.
  }
}
