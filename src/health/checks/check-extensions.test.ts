import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { NEVER } from "../../core/abort.ts";
import type { Extensions } from "../ports.ts";
import { checkExtensions } from "./check-extensions.ts";

const NOTHING: Extensions = {
  mcp: { problem: undefined, servers: [] },
  plugins: { names: [], problems: [] },
  actions: { names: [], problems: [] },
  findRoomProblem: async () => undefined,
};
const FILES = { mcp: { problem: undefined, servers: [{ id: "files", problem: undefined }] } };

async function find(more: Partial<Extensions>, servedUrl?: string) {
  const service = { servedUrl, key: "k" };
  const added = { ...NOTHING, ...more };
  const checks = await checkExtensions(added, service, servedUrl !== undefined, NEVER);
  return checks.map(({ name, state, detail }) => `${state} ${name} ${detail}`);
}

test("what the operator has added is judged by its files when nothing runs", async () => {
  expect(await find({})).toEqual([]);
  expect(await find(FILES)).toEqual(["ok mcp files is enabled."]);
  const broken = { problem: "servers.json is not used.", servers: [] };
  expect(await find({ mcp: broken })).toEqual(["fail mcp servers.json is not used."]);
  const unset = { problem: undefined, servers: [{ id: "files", problem: "KEY must be set." }] };
  expect(await find({ mcp: unset })).toEqual(["fail mcp files cannot be used. KEY must be set."]);
  const plugins = { names: ["greet"], problems: ["plugin.json is not used."] };
  expect(await find({ plugins })).toEqual([
    "ok plugins greet can be used.",
    "fail plugins plugin.json is not used.",
  ]);
  const actions = { names: ["restart"], problems: ["actions.json is not used."] };
  expect(await find({ actions })).toEqual([
    "ok actions restart can be set off.",
    "fail actions actions.json is not used.",
  ]);
});

test("a file that the running service read otherwise is named, whichever it is", async () => {
  const server = createServer((_request, response) =>
    response.end(JSON.stringify({ items: [], changed_files: ["/ext/actions.json"] })),
  );
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await find({}, url)).toEqual([
    "warn extensions /ext/actions.json has changed since the service was started. Restart it to use it.",
  ]);
  await new Promise((done) => server.close(done));
});

test("tools that take too much room are told of, by the running service where it can be asked", async () => {
  const findRoomProblem = async () => "Too many, without those of MCP servers.";
  expect(await find({ findRoomProblem })).toEqual([
    "warn tools Too many, without those of MCP servers.",
  ]);
  const answer = { items: [], room_problem: "Too many." };
  const server = createServer((_request, response) => response.end(JSON.stringify(answer)));
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await find({ ...FILES, findRoomProblem }, url)).toContain("warn tools Too many.");
  await new Promise((done) => server.close(done));
});

test("a server is as the running service says", async () => {
  const tools = [{ name: "mcp_files__read", state: "changed" }];
  const items = [{ id: "files", state: "down", message: "It ended.", problems: ["A."], tools }];
  const server = createServer((_request, response) => response.end(JSON.stringify({ items })));
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await find(FILES, url)).toEqual([
    "warn mcp files is down. It ended.",
    "warn mcp files: A.",
    "warn mcp files: 1 of its tools wait for an approval. See: agent-runtime mcp list",
  ]);
  await new Promise((done) => server.close(done));
});
