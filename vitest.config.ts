import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { SlowFirst } from "./scripts/slow-first.ts";
import { refuseOldNode, withoutOwnVariables } from "./scripts/test-environment.ts";

refuseOldNode();
withoutOwnVariables();

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "web/src/**/*.test.{ts,tsx}", "test/**/*.test.ts"],
    // The rest of the crash suite and what a hostile model tries run in `make test-peers` alone: they take minutes.
    exclude: [
      "test/peers/**",
      "test/hostile/!(every-role).test.ts",
      "test/crash/two-rooms.test.ts",
      "test/crash/with-tools/**",
      "test/crash/whole-runtime/{by-hand,doors,failed-work,mcp-tools}.test.ts",
    ],
    // A process a file: the native SQLite module, signals and the working directory are nobody else's.
    pool: "forks",
    sequence: { sequencer: SlowFirst },
    // Most of them wait for sockets and other processes now and then, so one more than there are cores.
    maxWorkers: availableParallelism() + 1,
    // None waits so long but for what never comes: the machine may be busy.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    teardownTimeout: 20_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
