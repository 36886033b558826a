import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readMcpServers } from "./servers-file.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "agent-runtime-servers-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const VARIABLES: Record<string, string> = { TOKEN: "t-secret" };
const read = (path = join(directory, "servers.json")) =>
  readMcpServers({
    path,
    workspaceRoot: join(directory, "workspaces"),
    findVariable: (name) => VARIABLES[name],
  });
function readText(text: string) {
  writeFileSync(join(directory, "servers.json"), text);
  return read();
}
const readServers = (...servers: object[]) => readText(JSON.stringify({ servers }));
const program = { type: "stdio", command: "server" };

test("without the file there are no servers, and a listed one is off until it is enabled", () => {
  expect(read()).toEqual({ servers: [], problem: undefined, secrets: [] });
  expect(readServers({ id: "a", transport: program }).servers).toEqual([]);
});

test("an enabled server is outward in all it does unless the operator says otherwise", () => {
  const { servers } = readServers({ id: "a", enabled: true, transport: program });
  expect(servers).toEqual([
    {
      id: "a",
      transport: { ...program, args: [], env: {} },
      directory,
      timeoutMs: 60_000,
      policy: { default: "outward", tools: {}, resources: "outward", prompts: "outward" },
      problem: undefined,
    },
  ]);
});

test("variables come from the environment, are secrets, and a missing one is the trouble of its server alone", () => {
  const { servers, secrets } = readServers(
    { id: "a", enabled: true, transport: { ...program, env: { KEY: "$" + "{TOKEN}" } } },
    {
      id: "b",
      enabled: true,
      transport: {
        type: "streamable_http",
        endpoint: "https://mcp.test/",
        headers: { authorization: "Bearer $" + "{NOWHERE}" },
      },
    },
  );
  expect(servers[0]).toMatchObject({ transport: { env: { KEY: "t-secret" } }, problem: undefined });
  expect(servers[1]?.problem).toMatch(/NOWHERE must be set/);
  expect(secrets).toContain("t-secret");
});

test("what is a secret by its name, or holds one, is; any other text of the file is none", () => {
  const open = { NODE_ENV: "production", LOG: "https://logs.test/" };
  const held = {
    API_KEY: "k-literal",
    PGPASSWORD: "p-literal",
    DATABASE_URL: "postgres://app:db-p%21word@db.test/x",
  };
  const { secrets } = readServers(
    { id: "a", enabled: true, transport: { ...program, env: { ...open, ...held } } },
    {
      id: "b",
      enabled: true,
      transport: {
        type: "streamable_http",
        endpoint: "https://mcp.test/",
        headers: { accept: "application/json", authorization: "Bearer h-literal" },
      },
    },
  );
  expect(secrets).toEqual([
    "k-literal",
    "p-literal",
    "db-p%21word",
    "db-p!word",
    "Bearer h-literal",
    "h-literal",
  ]);
});

test.each([
  ["{", "It is no JSON"],
  ["[]", "the file: "],
  ['{"servers":[{"id":"A b","transport":{"type":"stdio","command":"x"}}]}', "servers.0.id: "],
  ['{"servers":[{"id":"a__b","transport":{"type":"stdio","command":"x"}}]}', "servers.0.id: "],
  ['{"servers":[{"id":"a"}]}', "servers.0.transport: "],
  ['{"servers":[{"id":"a","transport":{"type":"sse","endpoint":"x"}}]}', "servers.0.transport"],
  ['{"servers":[],"mcpServers":{}}', "mcpServers"],
  [
    '{"servers":[{"id":"a","transport":{"type":"stdio","command":"x"},"policy":{"tools":{"t":"free"}}}]}',
    "servers.0.policy.tools.t: ",
  ],
])("a file that says %s is not used at all, and it is said why", (text, why) => {
  const { servers, problem } = readText(text);
  expect(servers).toEqual([]);
  expect(problem).toContain(`${join(directory, "servers.json")} is not used. `);
  expect(problem).toContain(why);
});

test("two servers of one name are refused", () => {
  const { problem } = readServers({ id: "a", transport: program }, { id: "a", transport: program });
  expect(problem).toContain("Two servers are called a. Rename one.");
});

test.each(["ftp://a/", "nothing", "https://user:password@a/"])(
  "the endpoint %s is the trouble of its server",
  (endpoint) => {
    const transport = { type: "streamable_http", endpoint };
    const { servers } = readServers({ id: "a", enabled: true, transport });
    expect(servers[0]?.problem).toMatch(/^Its endpoint /);
  },
);

test("a file where the agent writes is not used, neither by a link", () => {
  const inside = join(directory, "workspaces", "ws_1", "context");
  mkdirSync(inside, { recursive: true });
  writeFileSync(join(inside, "servers.json"), '{"servers":[]}');
  expect(read(join(inside, "servers.json")).problem).toContain("It lies in a workspace");
  symlinkSync(join(inside, "servers.json"), join(directory, "link.json"));
  expect(read(join(directory, "link.json")).problem).toContain("It lies in a workspace");
});
