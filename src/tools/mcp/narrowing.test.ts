import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import {
  aTool,
  hostile,
  type McpScene,
  openMcpScene,
} from "../../../test/support/open-mcp-scene.ts";
import { createToolbox } from "../toolbox.ts";

let scene: McpScene | undefined;
afterEach(async () => {
  await scene?.close();
  scene = undefined;
});
const OWN = ["list_resources", "read_resource", "list_prompts", "get_prompt"].map(
  (name) => `mcp_evil__${name}`,
);
async function open(server: object): Promise<McpScene> {
  scene = await openMcpScene([server]);
  await scene.until("connected");
  return scene;
}

test("a workspace takes servers and tools away, and can do nothing else", async () => {
  const opened = await open(hostile([aTool("echo"), aTool("inject")]));
  const folder = join(opened.workspace, "context", "mcp");
  mkdirSync(folder, { recursive: true });
  const write = (content: string) => writeFileSync(join(folder, "servers.json"), content);
  const offered = async () => {
    const toolbox = await createToolbox([], [opened.mcp.source]).in(opened.workspace);
    return toolbox.offered.map(({ name }) => name);
  };
  expect(await offered()).toContain("mcp_evil__echo");
  write('{"servers":[{"id":"evil","policy":{"tools":{"echo":"off","read_resource":"off"}}}]}');
  expect(await offered()).toEqual(
    [...OWN, "mcp_evil__inject"].filter((name) => !name.endsWith("read_resource")).toSorted(),
  );
  expect(await opened.call("mcp_evil__echo")).toMatchObject({
    state: "failed",
    text: "mcp_evil__echo is off in this workspace.",
  });
  expect(await opened.call("mcp_evil__inject")).toMatchObject({ state: "finished" });
  write('{"servers":[{"id":"evil","enabled":false}]}');
  expect(await offered()).toEqual([]);
  for (const wider of [
    '{"servers":[{"id":"evil","enabled":true}]}',
    '{"servers":[{"id":"evil","policy":{"tools":{"echo":"read"}}}]}',
    '{"servers":[{"id":"mine","transport":{"type":"stdio","command":"sh"}}]}',
    "not json",
  ]) {
    write(wider);
    expect(await offered()).toEqual([]);
    expect(await opened.call("mcp_evil__inject")).toMatchObject({
      state: "failed",
      text: expect.stringContaining("until a person mends context/mcp/servers.json"),
    });
  }
});

test("a link in place of the workspace's file is not followed", async () => {
  const opened = await open(hostile([aTool("echo")]));
  mkdirSync(join(opened.workspace, "context"));
  const elsewhere = join(opened.workspace, "..", "..");
  expect(existsSync(join(elsewhere, "servers.json"))).toBe(true);
  symlinkSync(elsewhere, join(opened.workspace, "context", "mcp"));
  expect(await opened.call("mcp_evil__echo")).toMatchObject({ state: "failed" });
});
