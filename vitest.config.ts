import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { SlowFirst } from "./scripts/slow-first.ts";
import { refuseOldNode, withoutOwnVariables } from "./scripts/test-environment.ts";

refuseOldNode();
withoutOwnVariables();

export default defineConfig({
  test: {
    projects: [
      // Beside the code: files share processes, as they would a program, and so load it once.
      {
        extends: true,
        test: {
          name: "src",
          include: ["src/**/*.test.ts", "web/src/**/*.test.{ts,tsx}"],
          isolate: false,
        },
      },
      // Of the whole program: a process a file, which signals and the working directory are nobody else's in.
      {
        extends: true,
        test: {
          name: "test",
          include: ["test/**/*.test.ts"],
          // The rest of the crash suite and what a hostile model tries run in `make test-peers` alone: they take minutes.
          exclude: [
            "test/peers/**",
            "test/hostile/!(every-role).test.ts",
            "test/crash/two-rooms.test.ts",
            "test/crash/with-tools/**",
            "test/crash/whole-runtime/{by-hand,doors,failed-work,mcp-tools}.test.ts",
          ],
        },
      },
    ],
    pool: "forks",
    sequence: { sequencer: SlowFirst },
    // Most of them wait for sockets and other processes now and then, so two more than there are cores.
    maxWorkers: availableParallelism() + 2,
    // None waits so long but for what never comes: the machine may be busy.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    teardownTimeout: 20_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
