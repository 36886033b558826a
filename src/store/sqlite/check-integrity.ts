import { execFile } from "node:child_process";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const runFile = promisify(execFile);

/**
 * What SQLite's own check finds wrong with a file; empty when it is sound. Rejects when it cannot be read, or once
 * `signal` aborts. Reads the whole file in a process of its own: a large one holds nobody up, and it can be ended at
 * any moment (ending a thread that is inside the native module takes the whole process with it).
 */
export async function checkIntegrity(
  file: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const extension = extname(fileURLToPath(import.meta.url));
  const program = fileURLToPath(new URL(`./integrity-program${extension}`, import.meta.url));
  const { stdout } = await runFile(process.execPath, [program, file], {
    signal,
    killSignal: "SIGKILL",
  });
  return JSON.parse(stdout) as string[];
}
