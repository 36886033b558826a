import { spawn } from "node:child_process";
import { join } from "node:path";
import { vi } from "vitest";
import type { SandboxCommand } from "../../src/sandbox/sandbox.ts";
import { findPrograms } from "./find-programs.ts";

const SANDBOX = join(import.meta.dirname, "..", "..", "src", "sandbox");

/** What still runs of a command once the process that ran it in a sandbox was killed. `word`: an argument of it alone. */
export async function runAndKill(
  sandbox: "no-walls" | "bubblewrap",
  command: SandboxCommand,
  word: string,
): Promise<readonly number[]> {
  const factory = sandbox === "no-walls" ? "createNoWalls" : "createBubblewrap";
  const program = `import { ${factory} } from ${JSON.stringify(join(SANDBOX, `${sandbox}.ts`))};
    await ${factory}().run(${JSON.stringify(command)}, new AbortController().signal);`;
  const owner = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: "inherit",
  });
  const left = () => findPrograms(word).filter((pid) => pid !== owner.pid);
  await vi.waitFor(() => {
    if (left().length === 0) throw new Error("it does not run yet");
  }, 10_000);
  owner.kill("SIGKILL");
  await vi
    .waitFor(() => {
      if (left().length > 0) throw new Error("it still runs");
    }, 10_000)
    .catch(() => undefined);
  return left();
}
