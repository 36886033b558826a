import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

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
  await end("SIGKILL");
  rmSync(cwd, { recursive: true, force: true });
});

async function end(signal: NodeJS.Signals): Promise<void> {
  const ended = new Promise((resolve) => child?.once("close", resolve));
  child?.kill(signal);
  await ended;
}

const noted = () => readFileSync(join(cwd, "noted"), "utf8").trim().split("\n");

/** Starts `serve`, and returns what it has written to standard error when it says that it serves. */
async function serve(env: Record<string, string> = {}): Promise<string> {
  const watch = here("test/support/watch-start-program.ts");
  const started = spawn(
    process.execPath,
    ["--import", watch, here("src/main.ts"), "serve", "--port", "0"],
    {
      cwd,
      env: { ...process.env, WATCH_START: join(cwd, "noted"), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  child = started;
  let said = "";
  started.stderr.on("data", (chunk: Buffer) => {
    said += chunk;
  });
  for await (const line of createInterface({ input: started.stdout }))
    if (line.includes('"serving"')) return said;
  throw new Error(`serve ended: ${said}`);
}

test("a runtime with nothing set up loads no library for what it does not do", async () => {
  await serve();
  const loaded = noted();
  expect(loaded).toContain("better-sqlite3");
  expect(loaded.filter((name) => FOR_SOME.includes(name))).toEqual([]);
});

test("what is set up is loaded before it says that it serves, so that the first to use it need not wait", async () => {
  const servers = join(cwd, "servers.json");
  const server = { id: "one", enabled: true, transport: { type: "stdio", command: "/bin/cat" } };
  writeFileSync(servers, JSON.stringify({ schema_version: "v1", servers: [server] }));
  await serve({
    AGENT_RUNTIME_MCP_CONFIG: servers,
    AGENT_RUNTIME_TELEGRAM_TOKEN: "1:secret",
    AGENT_RUNTIME_TELEGRAM_API_BASE: "http://127.0.0.1:9",
    AGENT_RUNTIME_LLM_PROVIDER: "openai",
    AGENT_RUNTIME_LLM_API_KEY: "sk-secret",
  });
  const loaded = noted();
  expect(loaded).toEqual(
    expect.arrayContaining(["ai", "@ai-sdk/openai", "@modelcontextprotocol/sdk", "grammy"]),
  );
  expect(loaded).not.toContain("@ai-sdk/anthropic");
});

test("a start makes no room for more work in memory, and work makes it", async () => {
  await serve();
  child?.kill("SIGUSR2");
  const sizes = await vi.waitUntil(
    () => /young (\d+) MB, then (\d+) MB/.exec(noted().at(-1) ?? ""),
    30_000,
  );
  expect(Number(sizes[1])).toBeLessThanOrEqual(4);
  expect(Number(sizes[2])).toBeGreaterThanOrEqual(8);
});

test("what a start compiled is used by the next one, whatever ended it", async () => {
  // Node keeps it there.
  const env = { TMPDIR: cwd, NODE_DEBUG_NATIVE: "COMPILE_CACHE" };
  await serve(env);
  await fetch(`${readFileSync(join(cwd, "data/address"), "utf8").trim()}/healthz`);
  await end("SIGKILL");
  const said = await serve(env);
  const told = (how: string) =>
    [...said.matchAll(new RegExp(`(\\S+) was ${how}`, "g"))].map(([, file]) => file);
  expect(told("accepted")).toContain(pathToFileURL(here("src/app/create-runtime.ts")).href);
  expect(told("rejected")).toEqual([]);
});
