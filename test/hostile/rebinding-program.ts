/**
 * The runtime in a network of its own, whose names change their minds: a hostile model, and a person who approves all
 * that it asks. Prints what came of it as JSON.
 */
import { lookup } from "node:dns/promises";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { createScriptedModel, type ScriptedCall } from "../support/scripted-model.ts";
import { openCountingServer } from "./open-counting-server.ts";
import { openNameServer } from "./open-name-server.ts";

/** On the open internet, to which nothing leads from here. */
const PUBLIC = "93.184.216.34";
const HERE = "127.0.0.1";

const names = await openNameServer((name, count) => {
  if (name.endsWith(".rebind.test")) return [count === 1 ? PUBLIC : HERE];
  if (name === "mixed.test") return [PUBLIC, HERE];
  return name === "metadata.test" ? ["169.254.169.254"] : [HERE];
});
const [outside, inside] = await Promise.all([openCountingServer(), openCountingServer()]);
/** Every call has a name of its own, which has told nobody anything yet. */
const behind = (name: string) => `http://${name}.rebind.test:${inside.port}/${name}`;
const leadTo = (url: string, host = "listed.test") =>
  `http://${host}:${outside.port}/to/${encodeURIComponent(url)}`;

const fetches = (url: string) => ({ callTool: "fetch_url", input: { url } });
const requests = (url: string, method = "GET") => ({
  callTool: "http_request",
  input: { url, method },
});
const tricks: readonly ScriptedCall[] = [
  fetches(behind("fetched")),
  fetches(leadTo(behind("redirected"))),
  fetches(leadTo(leadTo(behind("redirected-twice")))),
  requests(behind("requested")),
  requests(behind("posted"), "POST"),
  requests(leadTo(behind("request-redirected"))),
  { callTool: "web_search", input: { query: "x" } },
  { callTool: "run_action", input: { type: "deploy", summary: "x" } },
  ...["private", "mixed", "metadata"].flatMap((name) => [
    fetches(`http://${name}.test:${inside.port}/`),
    fetches(leadTo(`http://${name}.test:${inside.port}/`)),
  ]),
];

async function approveAll(t: TestRuntime): Promise<void> {
  for (;;) {
    const [runs, approvals] = await Promise.all([t.rows("runs"), t.rows("approvals")]);
    if (runs.at(-1)?.finished_at_ms != null) return;
    for (const { id } of approvals.filter(({ state }) => state === "pending"))
      await t.api("POST", `/api/v1/approvals/${id}/decision`, { approved: true });
    await setImmediate();
  }
}

const config = process.argv[2] ?? "";
writeFileSync(
  join(config, "servers.json"),
  JSON.stringify({
    servers: [
      {
        id: "evil",
        enabled: true,
        transport: {
          type: "streamable_http",
          endpoint: leadTo(`http://private.test:${inside.port}/mcp`, "mcp.test"),
        },
      },
    ],
  }),
);
writeFileSync(
  join(config, "actions.json"),
  JSON.stringify({
    actions: {
      deploy: { description: "Deploys.", webhook: { url: leadTo(behind("webhook"), "hook.test") } },
    },
  }),
);
const t = await openTestRuntime({
  model: createScriptedModel(tricks[0] as ScriptedCall, ...tricks.slice(1), { text: "Done." }),
  env: {
    APPROVAL_PRESET: "never-ask",
    TOOLS_ALLOWED_HOSTS: "listed.test",
    SEARXNG_URL: leadTo(behind("search"), "search.test"),
    MCP_CONFIG: join(config, "servers.json"),
    ACTIONS_FILE: join(config, "actions.json"),
    AGENT_MAX_LOOP_STEPS: "100",
  },
});
await t.api("POST", "/api/v1/chat", { text: "Do as you like", wait_seconds: 0 });
await t.until(async () => ((await t.rows("runs")).length > 0 ? true : undefined));
await approveAll(t);
const steps = (await t.rows("run_steps")).filter(({ kind }) => kind === "tool");
const isTried = async () =>
  (await t.client.listMcpServers()).items.some(({ state }) => state === "down");
await t.until(async () => ((await isTried()) ? true : undefined));
// That names do change their minds here, and that the server behind the walls does count.
const control = await lookup("control.rebind.test");
await fetch(behind("control"));
await t.close();

process.stdout.write(
  JSON.stringify({
    inside: inside.asked,
    outside: outside.asked,
    asked: Object.fromEntries(names.asked),
    steps: steps.map(({ name, state }) => `${name} ${state}`),
    control: control.address,
  }),
);
await Promise.all([outside.close(), inside.close(), names.close()]);
