import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { APICallError } from "@ai-sdk/provider";
import { afterEach, expect, test } from "vitest";
import { ASK_ALL, approvalScene, NOTE, WRITES } from "../support/approval-scene.ts";
import { createHeldModel } from "../support/held-model.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { pairOwner, pairPerson } from "../support/pair-people.ts";
import { createScriptedModel, type ScriptedCall } from "../support/scripted-model.ts";

let t: TestRuntime;
afterEach(() => t.close());

const { decide, parked, written } = approvalScene(() => t);
const [WRITE] = WRITES;
const WRITE_MORE = { callTool: "write_file", input: { ...NOTE, path: "more.md" } } as const;
const DONE = "Done, approved by Owner: Write 5 characters to notes.md";
const REFUSED = {
  failWith: new APICallError({
    message: "no such thing",
    url: "http://127.0.0.1/",
    requestBodyValues: {},
    statusCode: 400,
    isRetryable: false,
  }),
};

async function open(...script: readonly [ScriptedCall, ...ScriptedCall[]]) {
  const model = createScriptedModel(...script);
  t = await openTestRuntime({ model, env: ASK_ALL, telegram: true });
  return { model, olga: await pairOwner(t) };
}
const told = (...parts: readonly string[]) =>
  t.telegram.nextSent(({ text }) => parts.every((part) => text.includes(part)));
const nothingIsLeft = async () => {
  await t.idle();
  expect((await t.rows("approvals")).filter(({ state }) => state === "pending")).toEqual([]);
  expect((await t.rows("run_steps")).filter(({ finished_at_ms: at }) => at === null)).toEqual([]);
};

test("a turn that is stopped says what it had done", async () => {
  const { model, olga } = await open(WRITE, { hangAfter: "Now " });
  t.telegram.say(olga.chat, olga.user, "write it down");
  await decide((await parked()).id, true);
  await model.begun(2);
  t.telegram.say(olga.chat, olga.user, "stop");
  await told(DONE, "Stopped.");
  await nothingIsLeft();
});

test("a turn that fails says what it had done", async () => {
  const { olga } = await open(WRITE, REFUSED);
  t.telegram.say(olga.chat, olga.user, "write it down");
  await decide((await parked()).id, true);
  await told(DONE, "I could not answer this.");
  await nothingIsLeft();
});

test("a turn that is cancelled while it waits says what it had done, and its cards what became of them", async () => {
  const { olga } = await open(WRITE, WRITE_MORE);
  t.telegram.say(olga.chat, olga.user, "write it down");
  await decide((await parked()).id, true);
  await t.row("approvals", ({ execution }) => execution === "succeeded");
  const card = await t.telegram.nextSent(
    ({ text }) => text.startsWith("Approve this?") && text.includes("more.md"),
  );
  await parked();
  t.telegram.say(olga.chat, olga.user, "/cancel");
  const list = await told("What shall end?");
  t.telegram.press(list, list.buttons.flat()[0]?.text ?? "");
  await told(DONE, "One waiting message is cancelled.");
  await t.until(() => (card.text.includes("Not done: cancelled by") ? true : undefined));
  expect(card.buttons.flat()).toEqual([]);
  const [, asked] = await t.rows("messages");
  expect(asked).toMatchObject({ outcome: "failed", reason: "cancelled" });
  await nothingIsLeft();
  expect(written()).toHaveLength(1);
});

test("a task that is cancelled while it waits, by whatever mouth, says what it had done where it was asked for", async () => {
  const { olga } = await open(WRITE, WRITE_MORE);
  t.telegram.say(olga.chat, olga.user, "/task write it down");
  await decide((await parked()).id, true);
  await t.row("approvals", ({ execution }) => execution === "succeeded");
  await parked();
  const [task] = await t.rows("tasks");
  const answer = await t.api("POST", "/api/v1/tasks/cancel", { task_id: task?.id });
  expect(answer).toMatchObject({ status: 202, body: { status: "cancelled" } });
  await told(DONE, "was cancelled");
  await nothingIsLeft();
});

test("a task that fails says what it had done", async () => {
  const { olga } = await open(WRITE, REFUSED);
  t.telegram.say(olga.chat, olga.user, "/task write it down");
  await decide((await parked()).id, true);
  await told(DONE, "Failed:");
  await nothingIsLeft();
});

test("what somebody approved who may not any more when it would be done, is not done", async () => {
  const { model, olga } = await open(WRITE, { hangAfter: "I am " }, { text: "That is all." });
  const ada = await pairPerson(t, { id: 3003, name: "Ada", role: "admin" });
  t.telegram.say(olga.chat, olga.user, "write it down");
  const { id } = await parked();
  t.telegram.say(olga.chat, olga.user, "and tell me something long");
  await model.begun(2);
  t.telegram.say(ada.chat, ada.user, `/approve ${id}`);
  await t.row("approvals", ({ state }) => state === "approved");
  const { id: adaId } = await t.row("users", ({ display_name: name }) => name === "Ada");
  const lowered = await t.api("POST", "/api/v1/users/role", { user_id: adaId, role: "member" });
  expect(lowered.status).toBe(200);
  const { id: second } = await t.row("runs", ({ state }) => state === "running");
  t.telegram.say(olga.chat, olga.user, `/cancel ${second}`);
  await told("Not done, though approved by Ada", "That is all.");
  expect(await t.rows("approvals")).toMatchObject([{ execution: "not_executed" }]);
  expect(written()).toEqual([]);
});

test("an edit of what was decided on already is asked anew; the decision stands", async () => {
  const { model, olga } = await open(
    WRITE,
    { hangAfter: "I am " },
    { text: "It is written." },
    { text: "Something else, then." },
  );
  const said = t.telegram.say(olga.chat, olga.user, "write it down");
  const { id } = await parked();
  t.telegram.say(olga.chat, olga.user, "and tell me something long");
  await model.begun(2);
  await decide(id, true);
  t.telegram.edit(said, "write something else down");
  await t.row("messages", ({ kind, rule }) => kind === "edit" && rule !== null);
  const { id: running } = await t.row("runs", ({ state }) => state === "running");
  t.telegram.say(olga.chat, olga.user, `/cancel ${running}`);
  await told(DONE, "It is written.");
  await told("Something else, then.");
  const [, asked, , edit] = await t.rows("messages");
  expect([asked, edit]).toMatchObject([
    { text: "write it down", outcome: "answered" },
    { kind: "edit", outcome: "answered", reason: null },
  ]);
  await nothingIsLeft();
});

test("work of somebody who is unlinked ends there: what was approved is done, and nothing more is told", async () => {
  const { model } = await open(WRITE, { text: "What the workspace knows." });
  const ann = await pairPerson(t, { id: 2002, name: "Ann" });
  t.telegram.say(ann.chat, ann.user, "write it down");
  const { id } = await parked();
  const { id: identity } = await t.row("identities", ({ external_user_id: of }) => of === "2002");
  await t.api("POST", "/api/v1/users/unlink", { identity_id: identity });
  await decide(id, true);
  await told(DONE, "I could not answer this.");
  await nothingIsLeft();
  expect(written()).toHaveLength(1);
  expect(model.calls).toHaveLength(1);
  expect(await t.rows("runs")).toMatchObject([{ state: "failed" }]);
});

test("an answer that is being written when its person is unlinked is not told", async () => {
  const model = createHeldModel();
  t = await openTestRuntime({ model, telegram: true });
  await pairOwner(t);
  const ann = await pairPerson(t, { id: 2002, name: "Ann" });
  t.telegram.say(ann.chat, ann.user, "tell me");
  await model.begun(1);
  const { id: identity } = await t.row("identities", ({ external_user_id: of }) => of === "2002");
  await t.api("POST", "/api/v1/users/unlink", { identity_id: identity });
  model.release();
  await told("I could not answer this.");
  await nothingIsLeft();
  expect(t.telegram.sent.filter(({ text }) => text.includes("Answer to"))).toEqual([]);
});

test("a request that is stopped on its way is broken off, and nobody claims to know whether it arrived", async () => {
  const arrived = Promise.withResolvers<void>();
  const brokenOff = Promise.withResolvers<void>();
  const server = createServer(({ socket }) => {
    socket.on("close", () => brokenOff.resolve());
    arrived.resolve();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const input = { method: "POST", url: `http://${host}/orders`, body: "one" };
  const model = createScriptedModel({ callTool: "http_request", input });
  t = await openTestRuntime({ model, telegram: true, env: { TOOLS_ALLOWED_HOSTS: host } });
  const olga = await pairOwner(t);
  t.telegram.say(olga.chat, olga.user, "order one");
  await decide((await parked()).id, true);
  await arrived.promise;
  t.telegram.say(olga.chat, olga.user, "stop");
  await told(`Nobody knows whether this happened: POST ${input.url}`, "Stopped.");
  await brokenOff.promise;
  await nothingIsLeft();
  server.close();
});
