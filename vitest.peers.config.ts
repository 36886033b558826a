import { defineConfig } from "vitest/config";
import { SlowFirst } from "./scripts/slow-first.ts";
import { refuseOldNode, withoutOwnVariables } from "./scripts/test-environment.ts";

refuseOldNode();
withoutOwnVariables();

export default defineConfig({
  test: {
    // The crash suite runs again, in its long form, and the hostile model where there is a sandbox.
    include: ["test/peers/**/*.test.ts", "test/crash/**/*.test.ts", "test/hostile/**/*.test.ts"],
    globalSetup: ["test/peers/need-neighbours.ts"],
    pool: "forks",
    sequence: { sequencer: SlowFirst },
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 120_000,
    teardownTimeout: 20_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
