import { defineConfig } from "vitest/config";
import { refuseOldNode, withoutOwnVariables } from "./scripts/test-environment.ts";

refuseOldNode();
withoutOwnVariables();

export default defineConfig({
  test: {
    // The crash suite runs again, in its long form, and the hostile model where there is a sandbox.
    include: ["test/peers/**/*.test.ts", "test/crash/**/*.test.ts", "test/hostile/**/*.test.ts"],
    globalSetup: ["test/peers/need-neighbours.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 120_000,
    teardownTimeout: 20_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
