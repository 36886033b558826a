import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

/**
 * What SQLite's own check finds wrong with a file; empty when it is sound. Reads the whole file in a thread of its own,
 * so that a large one holds nobody up. Rejects when it cannot be read, or with `signal.reason`.
 */
export function checkIntegrity(file: string, signal: AbortSignal): Promise<readonly string[]> {
  const script = `./integrity-worker${extname(fileURLToPath(import.meta.url))}`;
  const worker = new Worker(new URL(script, import.meta.url), { workerData: file });
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", () => reject(signal.reason ?? new Error("the check ended without a word")));
    signal.addEventListener("abort", () => void worker.terminate(), { once: true });
  });
}
