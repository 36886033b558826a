import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { approvalScene } from "../support/approval-scene.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { createScriptedModel } from "../support/scripted-model.ts";

let t: TestRuntime;
let home: string;
let hooks: Server[];
/** At which hook something happened, in order. */
let happened: string[];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "agent-runtime-home-"));
  hooks = [];
  happened = [];
});
afterEach(async () => {
  await t.close();
  for (const hook of hooks) hook.close();
  rmSync(home, { recursive: true, force: true });
});
const { chat, decide, parked, over } = approvalScene(() => t);

async function openHook(name: string): Promise<string> {
  const hook = createServer((_request, response) => {
    happened.push(name);
    response.end("done");
  });
  hooks.push(hook);
  await new Promise<void>((ready) => hook.listen(0, "127.0.0.1", ready));
  return `http://127.0.0.1:${(hook.address() as AddressInfo).port}`;
}
const env = () => ({
  ACTIONS_FILE: join(home, "actions.json"),
  EXT_PLUGINS_DIR: join(home, "plugins"),
});
const writeAction = (url: string) =>
  writeFileSync(
    join(home, "actions.json"),
    JSON.stringify({ actions: { restart: { description: "Restarts.", webhook: { url } } } }),
  );
const execution = async (id: string) =>
  (await t.rows("approvals")).find((one) => one.id === id)?.execution;

test("an action that leads elsewhere after a restart is not what was approved; asked for anew, it is done", async () => {
  const input = { type: "restart", target: "", summary: "It hangs.", payload: {} };
  const model = createScriptedModel(
    { callTool: "run_action", input },
    { callTool: "run_action", input },
    { text: "Done." },
  );
  writeAction(await openHook("one"));
  t = await openTestRuntime({ model, env: env() });
  await chat({ wait_seconds: 0 });
  const first = await parked();
  writeAction(await openHook("two"));
  await t.restart();
  await decide(first.id, true);
  const second = await t.row("approvals", ({ id }) => id !== first.id);
  expect(happened).toEqual([]);
  expect(await execution(first.id)).toBe("not_executed");
  expect(JSON.stringify(model.calls[1]?.prompt)).toContain("What was approved is no longer this");
  await t.row("runs", ({ state }) => state === "parked");
  await decide(second.id, true);
  await over();
  expect(happened).toEqual(["two"]);
  expect(await execution(second.id)).toBe("succeeded");
});

test("a plugin whose program is swapped while it waits does not run, without any restart", async () => {
  const own = join(home, "plugins", "post");
  const swap = (word: string) => {
    writeFileSync(join(own, "run.sh"), `#!/bin/sh\necho ${word} >> ${home}/happened\n`);
    chmodSync(join(own, "run.sh"), 0o755);
  };
  mkdirSync(own, { recursive: true });
  const manifest = { name: "post", description: "x", arguments: { type: "object" } };
  writeFileSync(join(own, "plugin.json"), JSON.stringify({ ...manifest, command: ["./run.sh"] }));
  swap("one");
  const model = createScriptedModel({ callTool: "plugin_post", input: {} }, { text: "Well." });
  t = await openTestRuntime({ model, env: env() });
  await chat({ wait_seconds: 0 });
  const { id } = await parked();
  swap("two");
  await decide(id, true);
  await over();
  expect(existsSync(join(home, "happened"))).toBe(false);
  expect(await execution(id)).toBe("not_executed");
  expect(JSON.stringify(model.calls[1]?.prompt)).toContain("What was approved is no longer this");
});
