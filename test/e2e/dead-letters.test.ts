import { afterEach, expect, test } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { type Person, pairOwner, pairPerson } from "../support/pair-people.ts";
import { runCommand } from "../support/run-command.ts";
import { createScriptedModel } from "../support/scripted-model.ts";

const GONE = "Bad Request: chat not found";

let t: TestRuntime;
afterEach(() => t.close());

const cli = (...args: readonly string[]) =>
  runCommand(args, { cwd: t.directory, env: { AGENT_RUNTIME_DATA_DIR: t.dataDir } });
const replay = (delivery_id: string) => t.api("POST", "/api/v1/deliveries/replay", { delivery_id });
const drop = (body: object) => t.api("POST", "/api/v1/deliveries/drop", body);
const list = async (query: string) => (await t.api("GET", `/api/v1/deliveries${query}`)).body;

/** A reply to `person` that Telegram refuses for good. */
async function aDeadReply(person: Person): Promise<{ id: string; message_id: string }> {
  const before = (await t.rows("deliveries")).map(({ id }) => id);
  t.telegram.fault("sendMessage", { kind: "refuse", status: 400, description: GONE });
  t.telegram.say(person.chat, person.user, "/tasks");
  const dead = await t.row(
    "deliveries",
    ({ id, state }) => state === "dead" && !before.includes(id),
  );
  return { id: dead.id, message_id: dead.message_id ?? "" };
}

test("a reply refused for good is listed, replayed when the fault is gone, and arrives exactly once", async () => {
  t = await openTestRuntime({ telegram: true });
  const owner = await pairOwner(t);
  const { id, message_id } = await aDeadReply(owner);
  expect(await list("?state=dead")).toMatchObject({
    count: 1,
    next_cursor: null,
    items: [{ id, state: "dead", connector: "telegram", external_id: "1001", message_id }],
  });
  expect((await list("?state=dead")).items[0].error).toContain("chat not found");
  expect((await cli("deliveries", "list", "--state", "dead")).stdout).toContain(id);

  const sentBefore = t.telegram.sent.length;
  const both = await Promise.all([replay(id), replay(id.slice(-8))]);
  expect(both.map(({ status }) => status).sort()).toEqual([202, 409]);
  const again = await t.telegram.nextSent();
  expect(again.text).toContain("There are no tasks here yet.");
  expect(again.text).not.toContain("repeat");
  await t.idle();
  expect(t.telegram.sent).toHaveLength(sentBefore + 1);
  expect(await t.rows("deliveries")).toContainEqual(
    expect.objectContaining({ id, state: "sent", marked: 0, error: null }),
  );
  expect((await replay(id)).body).toEqual({
    error: `Only a dead delivery can be replayed; ${id} is sent.`,
    code: "conflict",
  });
  const { body } = await t.api("GET", `/api/v1/messages/${message_id}/explain`);
  expect(body.commits).toContainEqual(expect.objectContaining({ name: "replay-delivery" }));
  expect(body.jobs).toEqual([]);
});

test("a reply that was half sent goes on where it stopped, and one that is refused again is dead again", async () => {
  t = await openTestRuntime({
    telegram: true,
    model: createScriptedModel({ text: `${"a".repeat(4_000)}\n\n${"b".repeat(4_000)}` }),
  });
  const owner = await pairOwner(t);
  t.telegram.say(owner.chat, owner.user, "Tell me a lot");
  t.telegram.fault("sendMessage", { kind: "slow", delayMs: 1 });
  t.telegram.fault("sendMessage", { kind: "refuse", status: 400, description: GONE }, 2);
  const { id } = await t.row("deliveries", ({ state }) => state === "dead");
  expect(t.telegram.sent.at(-1)?.text).toMatch(/^a+$/u);
  expect((await replay(id)).status).toBe(202);
  await t.row("deliveries", (row) => row.id === id && row.state === "dead");
  const before = t.telegram.sent.length;
  expect((await replay(id)).status).toBe(202);
  await t.idle();
  expect(t.telegram.sent.slice(before).map(({ text }) => text)).toEqual([
    expect.stringMatching(/^b+$/u),
  ]);
});

test("a replayed reply comes after what is waiting for the same chat", async () => {
  t = await openTestRuntime({ telegram: true });
  const owner = await pairOwner(t);
  const { id } = await aDeadReply(owner);
  t.telegram.fault("sendMessage", { kind: "flood", retryAfter: 1 });
  t.telegram.say(owner.chat, owner.user, "/help");
  await t.row("deliveries", ({ state, error }) => state === "pending" && error !== null);
  expect((await replay(id)).status).toBe(202);
  expect((await t.telegram.nextSent()).text).toContain("What you can do here");
  expect((await t.telegram.nextSent()).text).toContain("There are no tasks here yet.");
});

test("dropping one keeps why and who, and leaves no dead letter", async () => {
  t = await openTestRuntime({ telegram: true });
  const owner = await pairOwner(t);
  const { id } = await aDeadReply(owner);
  const { id: other } = await aDeadReply(owner);
  expect(await drop({ delivery_id: id, reason: "she left" })).toEqual({
    status: 200,
    body: { delivery_id: id, state: "dropped" },
  });
  expect((await cli("deliveries", "drop", other.slice(-8))).stdout).toBe(`${other} is dropped.\n`);
  expect((await list("?state=dead")).items).toEqual([]);
  const [second, first] = (await list("?state=dropped")).items;
  expect(first).toMatchObject({
    id,
    drop_reason: "she left",
    error: expect.stringContaining("chat not found"),
  });
  expect(first.dropped_by).toMatch(/^idn_/u);
  expect(second).toMatchObject({ id: other, drop_reason: "not needed" });
  expect((await t.api("GET", "/api/v1/dead-letters")).body.count).toBe(0);
  for (const answer of [await drop({ delivery_id: id }), await replay(id)]) {
    expect(answer).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining("is dropped") },
    });
  }
  expect((await t.rows("audit")).filter(({ name }) => name === "drop-delivery")).toHaveLength(2);
});

test("unknown, malformed and wrong input is refused", async () => {
  t = await openTestRuntime();
  expect((await replay("dlv_00000000000000000000")).status).toBe(404);
  expect((await drop({ delivery_id: "dlv_00000000000000000000" })).status).toBe(404);
  expect((await replay("abc")).status).toBe(400);
  expect((await t.api("POST", "/api/v1/deliveries/replay", {})).body.error).toContain(
    "delivery_id",
  );
  expect((await t.api("GET", "/api/v1/deliveries?state=lost")).body.error).toContain("state");
  expect((await t.api("GET", "/api/v1/deliveries?cursor=t5")).body.error).toContain("cursor");
  const job = await t.api("POST", "/api/v1/dead-letters/replay", { job_id: "job_000000000000" });
  expect(job.status).toBe(404);
  const [sweep] = await t.rows("jobs");
  const live = await t.api("POST", "/api/v1/dead-letters/drop", { job_id: sweep?.id });
  expect(live).toMatchObject({
    status: 409,
    body: { error: expect.stringContaining("no dead letter") },
  });
});

test("a task that was given up is a dead letter that says what to do instead", async () => {
  t = await openTestRuntime({
    telegram: true,
    model: createScriptedModel({ failWith: new AppError("invalid_input", "no such model") }),
  });
  const ann = await pairPerson(t, { id: 2002, name: "Ann" });
  t.telegram.say(ann.chat, ann.user, "/task count to ten");
  const { id: task } = await t.row("tasks", ({ status }) => status === "failed");
  await t.idle();
  const { body } = await t.api("GET", "/api/v1/dead-letters");
  expect(body).toMatchObject({
    count: 1,
    items: [{ kind: "run-task", about: task, can_replay: false, can_drop: true }],
  });
  const status = await t.api("POST", "/api/v1/chat", { text: "/status" });
  expect(status.body.reply).toContain("Dead letters: 1. ");
  t.telegram.say(ann.chat, ann.user, "/status");
  const anns = await t.telegram.nextSent(({ text }) => text.startsWith("Running here"));
  expect(anns.text).not.toContain("Dead letters");
  const advice = `agent-runtime tasks retry ${task}`;
  expect(body.items[0].advice).toContain(advice);
  expect((await cli("dead-letters", "list")).stdout).toContain(advice);
  const refused = await cli("dead-letters", "replay", body.items[0].id);
  expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(advice) });
  expect((await cli("dead-letters", "drop", body.items[0].id)).exitCode).toBe(0);
  expect((await t.api("GET", "/api/v1/dead-letters")).body.items).toEqual([]);
});
