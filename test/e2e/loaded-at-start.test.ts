import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";

const here = (path: string) => join(import.meta.dirname, "..", "..", path);

/** What somebody may use who has set it up, and nobody else. */
const FOR_SOME = [
  "@ai-sdk/anthropic",
  "@ai-sdk/google",
  "@ai-sdk/openai",
  "@ai-sdk/openai-compatible",
  "@hono/zod-openapi",
  "@modelcontextprotocol/sdk",
  "ai",
  "ajv",
  "grammy",
  "html-to-text",
  "mdast-util-from-markdown",
  "nodemailer",
  "pg",
  "prom-client",
];

let cwd: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "agent-runtime-loaded-"));
});
afterEach(async () => {
  const ended = new Promise((resolve) => child?.once("close", resolve));
  child?.kill("SIGKILL");
  await ended;
  rmSync(cwd, { recursive: true, force: true });
});

/** The packages that `serve` has loaded when it says that it serves. */
async function loadedBy(env: Record<string, string>): Promise<readonly string[]> {
  const file = join(cwd, "loaded");
  const hook = here("test/support/note-packages-program.ts");
  const started = spawn(
    process.execPath,
    ["--import", hook, here("src/main.ts"), "serve", "--port", "0"],
    { cwd, env: { ...process.env, LOADED_PACKAGES: file, ...env }, stdio: ["ignore", "pipe", 2] },
  );
  child = started;
  for await (const line of createInterface({ input: started.stdout }))
    if (line.includes('"serving"')) return readFileSync(file, "utf8").trim().split("\n");
  throw new Error("serve ended");
}

test("a runtime with nothing set up loads no library for what it does not do", async () => {
  const loaded = await loadedBy({});
  expect(loaded).toContain("better-sqlite3");
  expect(loaded.filter((name) => FOR_SOME.includes(name))).toEqual([]);
});

test("what is set up is loaded before it says that it serves, so that the first to use it need not wait", async () => {
  const servers = join(cwd, "servers.json");
  const server = { id: "one", enabled: true, transport: { type: "stdio", command: "/bin/cat" } };
  writeFileSync(servers, JSON.stringify({ schema_version: "v1", servers: [server] }));
  const loaded = await loadedBy({
    AGENT_RUNTIME_MCP_CONFIG: servers,
    AGENT_RUNTIME_TELEGRAM_TOKEN: "1:secret",
    AGENT_RUNTIME_TELEGRAM_API_BASE: "http://127.0.0.1:9",
    AGENT_RUNTIME_LLM_PROVIDER: "openai",
    AGENT_RUNTIME_LLM_API_KEY: "sk-secret",
  });
  expect(loaded).toEqual(
    expect.arrayContaining(["@ai-sdk/openai", "@modelcontextprotocol/sdk", "grammy"]),
  );
  expect(loaded).not.toContain("@ai-sdk/anthropic");
});
