import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findFreePort } from "../../test/support/find-free-port.ts";
import { loadConfig } from "../config/load-config.ts";
import { createRedactor } from "../core/redact.ts";
import { createRuntime } from "./create-runtime.ts";

test("nothing of a runtime that could not start goes on", async () => {
  const cwd = mkdtempSync(join(tmpdir(), "agent-runtime-app-"));
  try {
    const port = await findFreePort();
    const dataDir = join(cwd, "data");
    // Where the address is to be noted stands a directory.
    mkdirSync(join(dataDir, "address"), { recursive: true });
    const runtime = createRuntime({
      config: loadConfig({
        env: { AGENT_RUNTIME_DATA_DIR: dataDir, AGENT_RUNTIME_HTTP_ADDR: `127.0.0.1:${port}` },
        cwd,
      }),
      version: "0.0.0",
      log: { write: () => undefined },
      redactor: createRedactor([]),
    });
    await expect(runtime.start()).rejects.toThrow("EISDIR");
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow("fetch failed");
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
});
