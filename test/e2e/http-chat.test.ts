import { afterEach, expect, test } from "vitest";
import { createHeldModel } from "../support/held-model.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { ownMsOf } from "../support/own-ms.ts";
import { readEvents } from "../support/read-events.ts";
import { createScriptedModel } from "../support/scripted-model.ts";

let t: TestRuntime;
afterEach(() => t.close());

const chat = (body: object) => t.api("POST", "/api/v1/chat", body);

test("a conversation, a command and a task over HTTP", async () => {
  t = await openTestRuntime();
  const hello = await chat({ text: "Hello there, who are you?" });
  expect(hello).toMatchObject({ status: 200, body: { handled: true, outcome: "answered" } });
  expect(hello.body.reply).toContain("offline model");
  expect((await chat({ text: "/help" })).body.reply).toContain("/task");
  const task = await chat({ text: "/task water the plants" });
  expect(task.body).toMatchObject({ handled: true, outcome: "task" });
  expect(task.body.reply).toMatch(/^Task task_\w+ is queued/);
  expect((await chat({ text: "/nosuch" })).body).toMatchObject({
    outcome: "answered",
    reason: "unknown_command",
  });
  const explained = await t.api("GET", `/api/v1/messages/${hello.body.message_id}/explain`);
  expect(explained.body).toMatchObject({
    rule: "conversation",
    outcome: "answered",
    run: { state: "succeeded", model: "offline" },
    deliveries: [{ state: "sent" }],
  });
  expect((await t.api("GET", "/api/v1/messages/msg_zzzzzzzz/explain")).status).toBe(404);
});

test("the same message_id is the same message; with another text it is a 409", async () => {
  const model = createHeldModel();
  t = await openTestRuntime({ model });
  const said = { text: "Count the stars", message_id: "m-1", wait_seconds: 0 };
  const first = await chat(said);
  expect(first).toMatchObject({ status: 202, body: { handled: false, outcome: "pending" } });
  await model.begun(1);
  expect(await chat(said)).toEqual(first);
  expect(await chat({ ...said, text: "Count the cows" })).toMatchObject({
    status: 409,
    body: { code: "conflict" },
  });
  const waiting = chat({ ...said, wait_seconds: 60 });
  const again = chat({ ...said, wait_seconds: 60, message_id: first.body.message_id });
  model.release();
  const settled = await waiting;
  expect(settled).toMatchObject({
    status: 200,
    body: { reply: "Answer to: Count the stars", message_id: first.body.message_id },
  });
  expect(await again).toEqual(settled);
  expect(await chat(said)).toEqual(settled);
  expect(model.asked).toHaveLength(1);
  expect(await t.rows("messages")).toHaveLength(1);
});

test("many at once with one id are one message", async () => {
  t = await openTestRuntime();
  const said = { text: "Hello out there", message_id: "m-1" };
  const answers = await Promise.all(Array.from({ length: 20 }, () => chat(said)));
  expect(new Set(answers.map(({ body }) => body.message_id)).size).toBe(1);
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect(await t.rows("messages")).toHaveLength(1);
  expect(await t.rows("runs")).toHaveLength(1);
});

test("stop ends a long turn; whoever waits for its answer hears so", async () => {
  const model = createHeldModel();
  t = await openTestRuntime({ model });
  const waiting = chat({ text: "Count to a million" });
  await model.begun(1);
  const tookMs = await ownMsOf(async () => {
    expect((await chat({ text: "stop" })).body.reply).toBe("I am stopping.");
  });
  expect(tookMs).toBeLessThan(1_000);
  expect(await waiting).toMatchObject({
    status: 200,
    body: { handled: false, outcome: "failed", reason: "cancelled", reply: "Stopped." },
  });
});

test("the event stream shows an answer while it grows", async () => {
  t = await openTestRuntime({ model: createScriptedModel({ hangAfter: "Let me think" }) });
  const events = await readEvents(t);
  const waiting = chat({ text: "Count to a million" });
  const draft = await events.next(
    ({ name, text }) => name === "draft" && text.startsWith("Let me"),
  );
  expect(draft.id).toBeUndefined();
  await chat({ text: "stop" });
  expect((await waiting).body.reply).toBe("Stopped.");
  await events.close();
});

test("the event stream goes on where a reader left it", async () => {
  t = await openTestRuntime();
  const events = await readEvents(t);
  const first = await chat({ text: "Hello out there", connector: "cli" });
  const received = await events.next(({ ids }) => ids.includes(first.body.message_id));
  await events.close();
  const second = await chat({ text: "Hello again", connector: "cli" });
  const resumed = await readEvents(t, received.id);
  await resumed.next(({ ids }) => ids.includes(second.body.message_id));
  const ids = resumed.all.flatMap(({ id, name }) => (name === "connected" ? [] : (id ?? [])));
  expect(ids[0]).toBe((received.id ?? 0) + 1);
  await resumed.close();
});

test.each<[string, () => Promise<{ status: number; body: unknown }>, number]>([
  ["no key", () => t.api("POST", "/api/v1/chat", { text: "x" }, { authorization: undefined }), 401],
  ["a wrong key", () => t.api("GET", "/nowhere", undefined, { authorization: "Bearer x" }), 401],
  ["broken JSON", () => t.api("POST", "/api/v1/chat", '{"text":'), 400],
  ["a wrong type", () => chat({ text: 7 }), 400],
  ["an unknown key", () => chat({ text: "x", colour: "red" }), 400],
  ["an unknown connector", () => chat({ text: "x", connector: "fax" }), 400],
  ["no text", () => chat({ text: " " }), 400],
  ["2 MiB", () => chat({ text: "x".repeat(2 * 1_048_576) }), 413],
  ["an unknown place", () => t.api("GET", "/nowhere"), 404],
])("bad input is refused in words, and the service goes on: %s", async (_, ask, status) => {
  t = await openTestRuntime();
  const answer = await ask();
  expect(answer.status).toBe(status);
  expect(answer.body).toEqual({ error: expect.any(String), code: expect.any(String) });
  expect((await chat({ text: "/status" })).status).toBe(200);
  await t.ready();
});
