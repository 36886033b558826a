import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { pairOwner } from "../support/pair-people.ts";

const ADMIN = "owner-key-canary-7f3a9b";

let t: TestRuntime;
afterEach(() => t.close());

test("a request that is repeated with its key after a restart is still one task", async () => {
  t = await openTestRuntime({ env: { ADMIN_TOKEN: ADMIN } });
  const request = { prompt: "count to ten" };
  const first = await t.client.createTask(request, { idempotencyKey: "order-66" });
  await t.idle();
  await t.restart();
  const again = await t.client.createTask(request, { idempotencyKey: "order-66" });
  expect(again).toEqual({ ...first, status: "succeeded" });
  const other = t.client.createTask({ prompt: "to nine" }, { idempotencyKey: "order-66" });
  await expect(other).rejects.toMatchObject({ code: "conflict" });
  await t.idle();
  expect(await t.rows("tasks")).toHaveLength(1);
});

test("a secret and control characters in a prompt are in no list, reply or file", async () => {
  t = await openTestRuntime({ telegram: true, env: { ADMIN_TOKEN: ADMIN } });
  const owner = await pairOwner(t);
  const long = "x".repeat(60);
  const said = await t.api("POST", "/api/v1/chat", {
    text: `/task log in\u001b[31m with ${ADMIN}\u0007\nand look`,
  });
  // The title is cut in the middle of the key.
  t.telegram.say(owner.chat, owner.user, `/task ${long} ${ADMIN}`);
  await t.telegram.nextSent(({ text }) => text.startsWith(`Done: ${long}`));
  await t.idle();

  const [row] = await t.rows("tasks");
  expect(row).toMatchObject({ title: "log in with [redacted]" });
  expect(row?.prompt).toBe(`log in with ${ADMIN}\nand look`);
  const message = (await t.rows("messages")).at(-1);
  const shown = [
    said.body,
    (await t.api("GET", "/api/v1/tasks")).body,
    (await t.api("GET", `/api/v1/tasks?id=${row?.id}`)).body,
    (await t.api("GET", `/api/v1/messages/${message?.id}/explain`)).body,
    t.telegram.sent.filter(({ text }) => text.startsWith("Done: ")).map(({ text }) => text),
    readWorkspaces(),
  ];
  for (const part of shown) {
    expect(JSON.stringify(part)).toContain("[redacted]");
    expect(JSON.stringify(part)).not.toContain("canary");
    expect(JSON.stringify(part)).not.toMatch(/\\u00(?!0[9aAdD])[01][0-9a-f]/u);
  }
});

/** The result files of all tasks. */
function readWorkspaces(): readonly string[] {
  const root = join(t.dataDir, "workspaces");
  const files = readdirSync(root, { recursive: true, encoding: "utf8" });
  return files
    .filter((name) => name.endsWith(".md"))
    .map((name) => readFileSync(join(root, name), "utf8"));
}
