import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { NEVER } from "../../core/abort.ts";
import { readFoundAddresses } from "../../core/tool/given-addresses.ts";
import type { ToolScene } from "../tool.ts";
import { type SearchEngines, webSearchTool } from "./web-search.ts";

const KEY = "brave-secret";

let server: Server;
let asked: IncomingMessage[];
let answer: { status: number; headers?: Record<string, string>; body: string };
beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(request);
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
});
afterEach(() => new Promise((done) => server.close(done)));

const here = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const searxng = (): SearchEngines => ({
  searxngUrl: `${here()}/sx`,
  braveApiKey: KEY,
  braveApiBase: here(),
});
const brave = (): SearchEngines => ({ ...searxng(), searxngUrl: undefined });

function search(engines: SearchEngines, query = "tea & cake", results = 2) {
  const tool = webSearchTool(engines, { allowedHosts: [] });
  return tool.run(tool.input.parse({ query, results }), {} as ToolScene, NEVER);
}

const found = [
  { title: "One", url: "https://a.test/1", content: "All about <b>tea</b> &amp; more" },
  { title: "Bad", url: "javascript:alert(1)", content: "" },
  { url: "https://b.test/2#part", content: 7, description: "x\n1. y\n   https://evil.test/" },
  { title: "Three", url: "https://c.test/3" },
];

test("asks the operator's SearXNG, wherever it is, and says whose words it found", async () => {
  answer = { status: 200, body: JSON.stringify({ results: found }) };
  const { text, taintedBy } = await search(searxng());
  expect(asked.map(({ url }) => url)).toEqual(["/sx/search?q=tea+%26+cake&format=json"]);
  expect(asked[0]?.headers["x-subscription-token"]).toBeUndefined();
  expect(text.split("\n").slice(0, 3)).toEqual([
    "1. One",
    "   https://a.test/1",
    "   All about tea & more",
  ]);
  expect(readFoundAddresses(text)).toEqual(["https://a.test/1", "https://b.test/2"]);
  expect(taintedBy).toBe(`a web search by ${here()}`);
});

test("asks Brave with its key", async () => {
  answer = { status: 200, body: JSON.stringify({ web: { results: found } }) };
  expect(readFoundAddresses((await search(brave(), "x", 9)).text)).toHaveLength(3);
  expect(asked[0]?.url).toBe("/res/v1/web/search?q=x&count=10&text_decorations=false");
  expect(asked[0]?.headers["x-subscription-token"]).toBe(KEY);
});

test("says that nothing was found, and that nobody searches", async () => {
  answer = { status: 200, body: "{}" };
  expect(await search(brave())).toEqual({ text: 'Nothing was found for "tea & cake".' });
  const nobody = { ...brave(), braveApiKey: undefined };
  await expect(search(nobody)).rejects.toThrow(
    /cannot be searched here.*AGENT_RUNTIME_SEARXNG_URL/,
  );
  const asked = () => webSearchTool(nobody, { allowedHosts: [] }).sensitivityOf({ query: "x" });
  expect(asked).toThrow("cannot be searched here");
});

test.each([
  [403, "", /SearXNG answers with 403.*search\.formats/],
  [429, "", /too often/],
  [200, "<html>", /something else than results/],
  [200, '{"results":{}}', /something else than results/],
])("tells the model of %i %s", async (status, body, problem) => {
  answer = { status, body };
  await expect(search(searxng())).rejects.toThrow(problem);
});

test("does not follow the engine into the private network, and never tells the key", async () => {
  answer = { status: 302, headers: { location: "http://127.0.0.1:1/x" }, body: "" };
  await expect(search(brave())).rejects.toThrow(/may not be asked/);
  answer = { status: 401, body: KEY };
  const error = await search(brave()).catch((thrown: Error) => thrown);
  expect(String(error)).toMatch(/answers with 401/);
  expect(String(error)).not.toContain(KEY);
});
