import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { systemClock } from "../core/clock.ts";
import { createNoWalls } from "../sandbox/no-walls.ts";
import { readActions } from "./admin/read-actions.ts";
import { runActionTool } from "./admin/run-action.ts";
import type { McpConnection } from "./mcp/connection.ts";
import { serverTool } from "./mcp/server-tool.ts";
import { readMcpServers } from "./mcp/servers-file.ts";
import { pluginTool } from "./plugin/plugin-tool.ts";
import { readPlugins } from "./plugin/read-plugins.ts";
import type { Tool } from "./tool.ts";

let root: string;
let variables: Record<string, string>;
const KEY = "$" + "{KEY}";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "agent-runtime-fingerprint-"));
  variables = { KEY: "k-1" };
  mkdirSync(join(root, "plugins", "greet"), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const sources = () => ({
  workspaceRoot: join(root, "workspaces"),
  findVariable: (name: string) => variables[name],
});
const own = (name: string) => join(root, "plugins", "greet", name);
const write = (path: string, text: string) => {
  writeFileSync(path, text);
  chmodSync(path, 0o755);
};
const of = (tool: Tool | undefined, input: object = {}): string => {
  const print = tool?.fingerprintOf?.(input);
  if (print === undefined) throw new Error("no fingerprint");
  expect(print).toMatch(/^[0-9a-f]{64}$/u);
  return print;
};
/** As after a start with these files. */
function plugin(command: readonly string[], env: object = {}): Tool {
  const manifest = { name: "greet", description: "x", arguments: { type: "object" }, command, env };
  write(own("plugin.json"), JSON.stringify(manifest));
  const { plugins, problems } = readPlugins({ directory: join(root, "plugins"), ...sources() });
  expect(problems).toEqual([]);
  const [found] = plugins;
  if (found === undefined) throw new Error("no plugin");
  return pluginTool(systemClock, found);
}

describe("what a plugin runs is another thing", () => {
  beforeEach(() => write(own("run.sh"), "#!/bin/sh\necho one\n"));

  test("when its program is, at once and whatever its times say", () => {
    const tool = plugin(["./run.sh"]);
    const before = of(tool);
    write(own("run.sh"), "#!/bin/sh\necho two\n");
    utimesSync(own("run.sh"), 1, 1);
    expect(of(tool)).not.toBe(before);
    write(own("run.sh"), "#!/bin/sh\necho one\n");
    expect(of(tool)).toBe(before);
    rmSync(own("run.sh"));
    expect(of(tool)).not.toBe(before);
  });

  test.each([[["sh", "{plugin}/run.sh"]], [["/bin/sh", "-e", "{plugin}/run.sh", "x"]]])(
    "when the script of its interpreter is: %j",
    (command) => {
      const tool = plugin(command);
      const before = of(tool);
      write(own("run.sh"), "#!/bin/sh\necho two\n");
      expect(of(tool)).not.toBe(before);
    },
  );

  test("when a program outside is, or what a link leads to", () => {
    const outside = join(root, "outside");
    const other = join(root, "other");
    for (const path of [outside, other]) write(path, `#!/bin/sh\necho ${path}\n`);
    symlinkSync(outside, join(root, "link"));
    const tools = [plugin([outside]), plugin([join(root, "link")])];
    const before = tools.map((tool) => of(tool));
    rmSync(join(root, "link"));
    symlinkSync(other, join(root, "link"));
    appendFileSync(outside, "echo more\n");
    tools.forEach((tool, at) => {
      expect(of(tool)).not.toBe(before[at]);
    });
  });

  test("when its arguments or environment are, also a secret in it", () => {
    const tools = [
      plugin(["./run.sh"]),
      plugin(["./run.sh", "x"]),
      plugin(["./run.sh"], { MODE: "a" }),
      plugin(["./run.sh"], { MODE: "b" }),
      plugin(["./run.sh"], { MODE: KEY }),
    ];
    variables = { KEY: "k-2" };
    tools.push(plugin(["./run.sh"], { MODE: KEY }));
    expect(new Set(tools.map((tool) => of(tool))).size).toBe(6);
    expect(of(plugin(["./run.sh"]))).toBe(of(tools[0]));
  });

  test("when the script is that its own interpreter runs, or one outside of its folder", () => {
    write(own("python"), "an interpreter");
    const outside = join(root, "outside.js");
    for (const path of [own("server.py"), outside]) writeFileSync(path, "one");
    const tools = [plugin(["./python", "server.py"]), plugin(["node", "--x", outside])];
    const before = tools.map((tool) => of(tool));
    for (const path of [own("server.py"), outside]) writeFileSync(path, "two");
    tools.forEach((tool, at) => {
      expect(of(tool)).not.toBe(before[at]);
    });
  });

  test("not when it writes into another file that its command names", () => {
    writeFileSync(own("state.db"), "1");
    const tools = [
      plugin(["./run.sh", "{plugin}/state.db"]),
      plugin(["sh", "{plugin}/state.db", "x"]),
    ];
    const before = tools.map((tool) => of(tool));
    writeFileSync(own("state.db"), "2");
    expect(tools.map((tool) => of(tool))).toEqual(before);
  });

  test("when a program too large to be read has another size or other times", () => {
    truncateSync(own("run.sh"), 20_000_000);
    const tool = plugin(["./run.sh"]);
    const before = of(tool);
    utimesSync(own("run.sh"), 1, 1);
    expect(of(tool)).not.toBe(before);
  });
});

describe("what an action sets off is another thing", () => {
  function action(does: object): Tool {
    const path = join(root, "actions.json");
    const said = { description: "x" };
    writeFileSync(path, JSON.stringify({ actions: { a: { ...said, ...does }, b: does } }));
    const { actions } = readActions({ path, ...sources() });
    const limits = {} as never;
    return runActionTool({
      actions,
      network: { allowedHosts: [] },
      code: { sandbox: createNoWalls(), allowedCommands: [], limits },
    });
  }
  const input = { type: "a", target: "", summary: "why", payload: {} };

  test("when its address, method or headers are, also a secret in them", () => {
    const webhook = (more: object) => action({ webhook: { url: "http://a.test/x", ...more } });
    const tools = [
      webhook({}),
      webhook({ url: "http://b.test/x" }),
      webhook({ method: "PUT" }),
      webhook({ headers: { authorization: KEY } }),
    ];
    variables = { KEY: "k-2" };
    tools.push(webhook({ headers: { authorization: KEY } }));
    expect(new Set(tools.map((tool) => of(tool, input))).size).toBe(5);
    expect(of(webhook({}), input)).toBe(of(tools[0], input));
  });

  test("when its command or its program is", () => {
    const program = join(root, "deploy");
    write(program, "#!/bin/sh\necho one\n");
    const tool = action({ command: [program] });
    const before = of(tool, input);
    expect(of(action({ command: [program, "x"] }), input)).not.toBe(before);
    write(program, "#!/bin/sh\necho two\n");
    expect(of(tool, input)).not.toBe(before);
  });
});

test("what an MCP server is, is another thing when its program, script, address or environment is", () => {
  function server(transport: object): Tool {
    const path = join(root, "servers.json");
    writeFileSync(path, JSON.stringify({ servers: [{ id: "s", enabled: true, transport }] }));
    const { servers, problem } = readMcpServers({ path, ...sources() });
    expect(problem).toBeUndefined();
    const [found] = servers;
    if (found === undefined) throw new Error("no server");
    return serverTool(found, {} as McpConnection, {
      name: "mcp_s__do",
      ownName: "do",
      description: "x",
      input: z.unknown(),
      sensitivity: "outward",
      describe: () => "Do",
      ask: async () => ({ text: "" }),
    });
  }
  const stdio = { type: "stdio", command: "node" };
  const http = { type: "streamable_http", endpoint: "https://a.test/mcp" };
  write(join(root, "server.js"), "one");
  const script = server({ ...stdio, args: ["server.js"] });
  const prints = [
    server(stdio),
    server({ ...stdio, command: "deno" }),
    server({ ...stdio, args: ["x"] }),
    server({ ...stdio, env: { A: "a" } }),
    script,
    server(http),
    server({ ...http, endpoint: "https://b.test/mcp" }),
    server({ ...http, headers: { authorization: KEY } }),
  ].map((tool) => of(tool));
  write(join(root, "server.js"), "two");
  prints.push(of(script));
  variables = { KEY: "k-2" };
  prints.push(of(server({ ...http, headers: { authorization: KEY } })));
  expect(new Set(prints).size).toBe(10);
  expect(of(server(stdio))).toBe(prints[0]);
});
