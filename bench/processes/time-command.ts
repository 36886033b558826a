import { spawn } from "node:child_process";
import { once } from "node:events";

/** How long Node takes with these arguments, from its start to its end. @throws when it fails. */
export async function timeNode(...args: readonly string[]): Promise<number> {
  const startMs = performance.now();
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`node ${args.join(" ")} ended with ${code}`);
  return performance.now() - startMs;
}
