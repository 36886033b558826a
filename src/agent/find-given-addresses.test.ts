import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { aGroup, openGateway } from "../../test/support/open-gateway.ts";
import { createScriptedModel } from "../../test/support/scripted-model.ts";
import { openTestAgent, type TestAgent } from "../../test/support/start-agent.ts";
import { fetchUrlTool } from "../tools/content/fetch-url.ts";
import { webSearchTool } from "../tools/content/web-search.ts";
import { findGivenAddresses } from "./find-given-addresses.ts";

let server: Server;
let asked: string[];
let agent: TestAgent;
const here = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "", here());
    asked.push(request.url ?? "");
    const results = [{ title: "T", url: `${here()}/found?a=1`, content: `${here()}/only-named` }];
    const body = pathname === "/search" ? JSON.stringify({ results }) : `see ${here()}/linked`;
    response.writeHead(200, { "content-type": "text/plain" }).end(body);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const network = { allowedHosts: [new URL(here()).host] };
  const engines = { searxngUrl: here(), braveApiKey: undefined, braveApiBase: here() };
  agent = await openTestAgent([fetchUrlTool(network), webSearchTool(engines, network)]);
});
afterEach(async () => {
  await agent.close();
  await new Promise((done) => server.close(done));
});

const fetching = (path: string) => ({ callTool: "fetch_url", input: { url: `${here()}${path}` } });

test("work that has read a page goes on to what a person typed, and asks about what the page names", async () => {
  await agent.startWorkers(
    createScriptedModel(fetching("/typed"), fetching("/too#part"), fetching("/linked"), {
      text: "done",
    }),
  );
  await agent.say(`read ${here()}/typed, then ${here()}/too.`);
  await agent.until("runs", ([run]) => run?.state === "parked");
  expect(asked).toEqual(["/typed", "/too"]);
  expect(await agent.rows("approvals")).toMatchObject([{ tool: "fetch_url", state: "pending" }]);
});

test("work that has searched goes on to what was found, and asks about everything else", async () => {
  await agent.startWorkers(
    createScriptedModel(
      { callTool: "web_search", input: { query: "x" } },
      fetching("/found?a=1"),
      fetching("/found?a=my-secret"),
      { text: "done" },
    ),
  );
  await agent.say("look for x");
  await agent.until("runs", ([run]) => run?.state === "parked");
  expect(asked.slice(1)).toEqual(["/found?a=1"]);
  const [approval] = await agent.rows("approvals");
  expect(approval?.arguments).toContain("my-secret");
});

test("what a person passes on, a stranger says, what comes later and what was before a new beginning is typed by nobody", async () => {
  const gateway = await openGateway();
  await gateway.aPerson("member", "7");
  const inGroup = aGroup();
  const sayAs = (who: string, n: number, text: string, more: object = {}) =>
    gateway.say(text, {
      ...inGroup,
      externalMessageId: `-123:${n}`,
      sender: { externalUserId: who, displayName: who },
      ...more,
    });
  await sayAs("7", 0, "once we talked of https://typed.test/long-ago");
  await gateway.commit("begin-anew", async () => {
    const [message] = await gateway.store.list((db) => db.selectFrom("messages").selectAll());
    const { context_id: contextId = "", seq: messageSeq = 0 } = message ?? {};
    return { effects: [{ type: "begin-conversation", contextId, messageSeq }], seen: [] };
  });
  await sayAs("7", 1, "we talked of https://typed.test/before");
  await sayAs("7", 2, "https://evil.test/forwarded", { isQuoted: true });
  await sayAs("6", 3, "https://evil.test/stranger");
  await sayAs("7", 4, "read https://typed.test/now");
  await sayAs("7", 5, "and https://typed.test/later");
  const runs = await gateway.store.list((db) => db.selectFrom("runs").selectAll());
  const messages = await gateway.store.list((db) => db.selectFrom("messages").selectAll());
  const now = messages.find(({ text }) => text?.endsWith("/now"));
  const run = runs.find(({ message_id }) => message_id === now?.id);
  if (run === undefined) throw new Error("no turn");
  expect([...(await findGivenAddresses(gateway.store, run))].sort()).toEqual([
    "https://typed.test/before",
    "https://typed.test/now",
  ]);
  await gateway.close();
});
