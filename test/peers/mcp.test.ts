import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findFreePort } from "../support/find-free-port.ts";
import { type McpScene, openMcpScene } from "../support/open-mcp-scene.ts";

/** The reference servers of the protocol, as they are published. */
const program = (name: string) =>
  join(
    dirname(createRequire(import.meta.url).resolve(`@modelcontextprotocol/${name}/package.json`)),
    "dist/index.js",
  );
const stdio = (id: string, args: readonly string[], more: object = {}) => ({
  id,
  enabled: true,
  transport: { type: "stdio", command: process.execPath, args, ...more },
  policy: { default: "read", resources: "read", prompts: "read" },
});

let scene: McpScene | undefined;
let child: ChildProcess | undefined;
let files: string;
beforeEach(() => {
  files = mkdtempSync(join(tmpdir(), "agent-runtime-peers-"));
});
afterEach(async () => {
  await scene?.close();
  scene = undefined;
  child?.kill("SIGKILL");
  child = undefined;
  rmSync(files, { recursive: true, force: true });
});
async function open(...servers: readonly object[]): Promise<McpScene> {
  scene = await openMcpScene(servers);
  await scene.until("connected");
  return scene;
}

/** What the server of everything must do, over whatever it is reached. */
async function tryEverything({ call, names, mcp }: McpScene): Promise<void> {
  expect(mcp.states()[0]?.problems).toEqual([]);
  expect(names()).toEqual(expect.arrayContaining(["mcp_all__echo", "mcp_all__get-sum"]));
  expect(await call("mcp_all__echo", { message: "hello" })).toMatchObject({
    state: "finished",
    text: "Echo: hello",
    taintedBy: "the MCP server all",
  });
  expect((await call("mcp_all__get-sum", { a: 19, b: 23 })).text).toContain("42");
  expect(await call("mcp_all__get-sum", { a: "x", b: 1 })).toMatchObject({ state: "failed" });
  expect((await call("mcp_all__get-tiny-image")).text).toContain("An image of the type image/png");
  const listed = await call("mcp_all__list_resources");
  const uri = /^(\S+:\/\/\S+) - /m.exec(listed.text)?.[1] ?? "";
  expect((await call("mcp_all__read_resource", { uri })).text).toContain(uri);
  expect((await call("mcp_all__read_resource", { uri: "no://where" })).state).toBe("failed");
  expect((await call("mcp_all__list_prompts")).text).toContain("simple-prompt");
  expect((await call("mcp_all__get_prompt", { name: "simple-prompt" })).text).toMatch(/^\[user\] /);
}

test("the server of everything works over stdio", async () => {
  await tryEverything(await open(stdio("all", [program("server-everything"), "stdio"])));
});

test("the server of everything works over streamable HTTP, also after it was started anew", async () => {
  const port = await findFreePort();
  const start = () => {
    child = spawn(process.execPath, [program("server-everything"), "streamableHttp"], {
      env: { PORT: String(port) },
      stdio: "ignore",
    });
  };
  start();
  const endpoint = `http://127.0.0.1:${port}/mcp`;
  const transport = { type: "streamable_http", endpoint };
  const opened = await open({ ...stdio("all", []), transport });
  await tryEverything(opened);
  const gone = new Promise((done) => child?.once("exit", done));
  child?.kill("SIGKILL");
  await gone;
  expect(await opened.call("mcp_all__echo", { message: "x" })).toMatchObject({ state: "failed" });
  start();
  await opened.until("connected");
  expect(await opened.call("mcp_all__echo", { message: "again" })).toMatchObject({
    text: "Echo: again",
  });
});

test("the server of files reads and writes where it may, and says so where it may not", async () => {
  mkdirSync(join(files, "inside"));
  writeFileSync(join(files, "inside", "note.txt"), "hello");
  writeFileSync(join(files, "secret.txt"), "nobody's business");
  const { call, names } = await open(
    stdio("files", [program("server-filesystem"), join(files, "inside")]),
  );
  expect(names().length).toBeGreaterThan(10);
  const path = join(files, "inside", "note.txt");
  expect((await call("mcp_files__read_text_file", { path })).text).toBe("hello");
  const out = await call("mcp_files__read_text_file", { path: join(files, "secret.txt") });
  expect(out).toMatchObject({ state: "failed", taintedBy: "the MCP server files" });
  expect(out.text).not.toContain("business");
});

test("the server of memories remembers over its calls", async () => {
  const env = { MEMORY_FILE_PATH: join(files, "memory.jsonl") };
  const { call } = await open(stdio("memory", [program("server-memory")], { env }));
  const entity = { name: "Ann", entityType: "person", observations: ["likes tea"] };
  await call("mcp_memory__create_entities", { entities: [entity] });
  expect((await call("mcp_memory__search_nodes", { query: "Ann" })).text).toContain("likes tea");
});
