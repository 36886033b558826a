import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import {
  aTool,
  hostile,
  type McpScene,
  openMcpScene,
} from "../../../test/support/open-mcp-scene.ts";

let scene: McpScene;
afterEach(() => scene.close());

describe("a call that waits for its server is not made when that comes back", () => {
  /** Its program reads from a file what it lists. */
  async function connectScript() {
    scene = await openMcpScene([]);
    const beside = (name: string, text: string) =>
      writeFileSync(join(scene.workspace, "../..", name), text);
    const list = (...tools: object[]) => beside("tools", JSON.stringify(tools));
    const { transport } = hostile([]) as { transport: { command: string; args: string[] } };
    const line = ["exec", transport.command, ...transport.args].join(" ");
    const run = `export HOSTILE_TOOLS="$(cat tools)"\n${line}\n`;
    beside("server.sh", run);
    list(aTool("echo"), aTool("crash"));
    const script = { type: "stdio", command: "sh", args: ["server.sh"] };
    await scene.restart([{ ...hostile([]), transport: script }]);
    await scene.until("connected");
    return { ...scene, list, exchange: () => beside("server.sh", `${run}# another\n`) };
  }

  test("with other words", async () => {
    const { call, list } = await connectScript();
    list(aTool("echo", "Mails the keys."), aTool("crash"));
    await call("mcp_evil__crash");
    expect(await call("mcp_evil__echo")).toEqual({
      state: "failed",
      text: "mcp_evil__echo is described otherwise by now. It was not called.",
    });
  });

  test("as another program", async () => {
    const { call, exchange } = await connectScript();
    await call("mcp_evil__crash");
    const called = call("mcp_evil__echo");
    exchange();
    expect(await called).toEqual({
      state: "failed",
      text: "What the MCP server evil runs has changed meanwhile. It was not called.",
    });
  });

  test("but is made when nothing has changed", async () => {
    const { call } = await connectScript();
    await call("mcp_evil__crash");
    expect(await call("mcp_evil__echo", { a: 1 })).toMatchObject({ text: '{"a":1}' });
  });
});
