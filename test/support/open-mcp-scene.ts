import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { NEVER } from "../../src/core/abort.ts";
import { type Clock, systemClock } from "../../src/core/clock.ts";
import { createCallTimes } from "../../src/core/run/call-times.ts";
import { createMcpServers, type McpServersInUse } from "../../src/tools/mcp/mcp-servers.ts";
import { readMcpServers } from "../../src/tools/mcp/servers-file.ts";
import { type EndedCall, runTool } from "../../src/tools/run-tool.ts";
import type { Tool, ToolScene } from "../../src/tools/tool.ts";
import { openTestStore, type TestStore } from "./open-test-store.ts";

const HOSTILE = join(import.meta.dirname, "hostile-mcp-program.ts");

export interface McpScene {
  readonly test: TestStore<Clock>;
  readonly workspace: string;
  readonly mcp: McpServersInUse;
  readonly logged: string[];
  /** Stops what runs and starts anew on the same store, with these servers. */
  restart(servers: readonly object[]): Promise<void>;
  /** Settles when every server is as it is said to be. */
  until(state: string): Promise<void>;
  names(): readonly string[];
  tool(name: string): Tool;
  call(name: string, input?: object, signal?: AbortSignal): Promise<EndedCall>;
  close(): Promise<void>;
}

/** An entry of servers.json for the hostile server over stdio. `record`: the file in which it counts its calls. */
export function hostile(tools: readonly unknown[], more: object = {}, record?: string): object {
  return {
    id: "evil",
    enabled: true,
    timeout_seconds: 5,
    transport: {
      type: "stdio",
      command: process.execPath,
      args: [HOSTILE],
      env: {
        HOSTILE_TOOLS: JSON.stringify(tools),
        ...(record === undefined ? {} : { HOSTILE_RECORD: record }),
      },
    },
    ...more,
  };
}

export function aTool(name: string, description = `Does ${name}.`, more: object = {}): object {
  return { name, description, inputSchema: { type: "object", properties: {} }, ...more };
}

/** The servers of a servers.json, on a real store, in use. */
export async function openMcpScene(servers: readonly object[]): Promise<McpScene> {
  const test = await openTestStore({ clock: systemClock });
  const directory = mkdtempSync(join(tmpdir(), "agent-runtime-mcp-"));
  const workspace = join(directory, "workspaces", "ws");
  mkdirSync(workspace, { recursive: true });
  const logged: string[] = [];
  const log = {
    write: (level: string, message: string, fields = {}) =>
      void logged.push(`${level} ${message} ${JSON.stringify(fields)}`),
  };
  async function start(entries: readonly object[]): Promise<McpServersInUse> {
    const path = join(directory, "servers.json");
    writeFileSync(path, JSON.stringify({ schema_version: "v1", servers: entries }));
    const read = readMcpServers({
      path,
      workspaceRoot: join(directory, "workspaces"),
      findVariable: () => undefined,
    });
    if (read.problem !== undefined) throw new Error(read.problem);
    const deps = { store: test.store, clock: systemClock, log, random: () => 0, version: "0" };
    const mcp = createMcpServers({ ...deps, onTools: () => undefined }, read.servers);
    await mcp.service.start(NEVER);
    return mcp;
  }
  const scene = {
    test,
    workspace,
    logged,
    mcp: await start(servers),
    async restart(entries: readonly object[]) {
      await scene.mcp.service.stop();
      scene.mcp = await start(entries);
    },
    until: (state: string) =>
      vi.waitFor(
        () => {
          const states = scene.mcp.states();
          if (!states.every((one) => one.state === state)) throw new Error(JSON.stringify(states));
        },
        { timeout: 30_000, interval: 20 },
      ),
    names: () => scene.mcp.source.list().map(({ name }) => name),
    tool(name: string) {
      const tool = scene.mcp.source.list().find((one) => one.name === name);
      if (tool === undefined) throw new Error(`there is no ${name}`);
      return tool;
    },
    call: (name: string, input: object = {}, signal: AbortSignal = NEVER) =>
      runTool(
        { clock: systemClock, log, callTimes: createCallTimes() },
        scene.tool(name),
        input,
        toolScene(),
        signal,
      ),
    async close() {
      await scene.mcp.service.stop();
      rmSync(directory, { recursive: true, force: true });
      await test.close();
    },
  };
  const toolScene = (): ToolScene => ({
    store: test.store,
    now: systemClock.now(),
    runId: "run_1",
    contextId: "ctx_1",
    workspaceId: "ws_1",
    workspace,
    userId: "usr_1",
    role: "member",
    isTainted: false,
    taintedBy: [],
  });
  return scene;
}
