import { readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { ASK_ALL, approvalScene, NOTE, WRITES } from "../support/approval-scene.ts";
import type { Sent } from "../support/bot-api/chats.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { pairOwner, pairPerson } from "../support/pair-people.ts";
import { runCommand } from "../support/run-command.ts";
import { createScriptedModel } from "../support/scripted-model.ts";

let t: TestRuntime;
afterEach(() => t.close());

const { chat, decide, parked, pending, over, written } = approvalScene(() => t);
const open = (env: Readonly<Record<string, string>> = {}, telegram = false) =>
  openTestRuntime({
    model: createScriptedModel(...WRITES),
    env: { ...ASK_ALL, ...env },
    ...(telegram ? { telegram: true } : {}),
  });
const labelsOf = ({ buttons }: Sent) => buttons.flat().map(({ text }) => text);

test("over HTTP a request is told at once what it waits for, and one decision lets the work go on by itself", async () => {
  t = await open();
  const waiting = await chat({ wait_seconds: 120 });
  const [waitsFor] = waiting.body.waits_for;
  const id = waitsFor.approval_id;
  expect(waiting).toMatchObject({
    status: 202,
    body: { outcome: "pending", reply: expect.stringContaining("Approve this?") },
  });
  expect(waitsFor.line).toBe("Write 5 characters to notes.md");
  expect((await chat({ wait_seconds: 120 })).body.waits_for).toEqual([waitsFor]);
  expect(written()).toEqual([]);
  const page = await t.api("GET", "/api/v1/approvals?state=pending");
  expect(page.body).toMatchObject({
    count: 1,
    items: [{ id, arguments: NOTE, state: "pending" }],
  });
  expect((await t.api("GET", "/metrics")).body).toContain("agent_runtime_approvals_pending 1");
  expect((await t.api("POST", "/api/v1/chat", { text: "/status" })).body.reply).toContain(
    "Waiting for an approval: 1",
  );

  expect((await decide("act_00000000", true)).status).toBe(404);
  expect((await decide(id.slice(-8), true)).status).toBe(404);
  expect(await decide(id, true, "go on")).toMatchObject({
    status: 200,
    body: { id, state: "approved", note: "go on" },
  });
  expect(await decide(id, false)).toMatchObject({
    status: 409,
    body: {
      code: "conflict",
      error: expect.stringContaining(`${id} was approved by Owner already`),
      approval: { id, state: "approved", note: "go on" },
    },
  });
  const answer = await chat({ wait_seconds: 120 });
  expect(answer).toMatchObject({ status: 200, body: { outcome: "answered" } });
  expect(answer.body.reply).toMatch(/^Done, approved by .+\n\nThat is all\.$/su);
  expect(written().map((path) => readFileSync(path, "utf8"))).toEqual(["hello"]);
  const shown = await t.api("GET", `/api/v1/approvals/${id}`);
  expect(shown.body).toMatchObject({ execution: "succeeded", executed_at: expect.any(String) });
  const { body: explained } = await t.api(
    "GET",
    `/api/v1/messages/${answer.body.message_id}/explain`,
  );
  expect(explained.run.approvals).toMatchObject([{ id, tool: "write_file", state: "approved" }]);
  // What follows from the decision is still because of the message.
  const commits = new Map(
    explained.commits.map(({ name, actor }: { name: string; actor: string }) => [name, actor]),
  );
  const { decided_by_user_id: decider, requested_by_user_id: requester } = shown.body;
  expect(commits.get("end-tool-call")).toBe(`${decider} for ${requester}`);
  expect([...commits.keys()]).toEqual(expect.arrayContaining(["park-run", "finish-turn"]));
  expect(explained.lines.join("\n")).toMatch(
    /Approval act_\w+ \(write_file\): approved by .+, done\./u,
  );
  expect((await t.api("GET", "/metrics")).body).toContain("agent_runtime_approvals_pending 0");
});

test("every copy of a card tells what was decided, and a press after that only says so", async () => {
  t = await open({}, true);
  const olga = await pairOwner(t);
  const ada = await pairPerson(t, { id: 3003, name: "Ada", role: "admin" });
  const ann = await pairPerson(t, { id: 2002, name: "Ann" });
  t.telegram.say(ann.chat, ann.user, "write it down");
  const cardIn = (id: number) =>
    t.telegram.nextSent(({ chatId, text }) => chatId === id && text.startsWith("Approve this?"));
  const [anns, olgas, adas] = [await cardIn(2002), await cardIn(1001), await cardIn(3003)];
  expect(labelsOf(anns)).toEqual([]);
  expect(labelsOf(adas)).toEqual(["Approve", "Deny"]);
  await parked();
  const old = { ...olgas };
  t.telegram.press(adas, "Approve", ada.user);
  t.telegram.press(adas, "Approve", ada.user);
  for (const card of [anns, olgas, adas]) {
    await t.until(() => (card.text.includes("Approved by Ada") ? true : undefined));
    expect(labelsOf(card)).toEqual([]);
  }
  t.telegram.press(old, "Deny", olga.user);
  const told = await t.telegram.nextAnswer(({ text }) => text.includes("Approved by Ada"));
  expect(told.text).toContain("This has changed since.");
  await over();
  expect(written()).toHaveLength(1);
  expect(await t.rows("approvals")).toMatchObject([{ state: "approved", execution: "succeeded" }]);
});

test("in a group the buttons are for whoever may decide; anybody else is told so in passing", async () => {
  t = await open({}, true);
  const olga = await pairOwner(t);
  const ann = await pairPerson(t, { id: 2002, name: "Ann" });
  const team = t.telegram.group(-55, "Team");
  t.telegram.say(team, ann.user, "@runtime_bot write it down");
  const card = await t.telegram.nextSent(
    ({ chatId, text }) => chatId === -55 && text.startsWith("Approve this?"),
  );
  await parked();
  const sent = t.telegram.sent.length;
  t.telegram.press(card, "Approve", ann.user);
  await t.telegram.nextAnswer(({ text }) => text.startsWith("Your role does not allow that."));
  expect(labelsOf(card)).toEqual(["Approve", "Deny"]);
  expect(t.telegram.sent).toHaveLength(sent);
  const { id } = await pending();
  const others = t.telegram.group(-77, "Others");
  for (const [text, told] of [
    ["/pending-actions", "Nothing waits for an approval here."],
    [`/pending-actions ${id}`, "I know no approval"],
  ] as const) {
    t.telegram.say(others, olga.user, text);
    await t.telegram.nextSent((one) => one.chatId === -77 && one.text.includes(told));
  }
  t.telegram.press(card, "Deny", olga.user);
  await t.until(() => (card.text.includes("Denied by Owner") ? true : undefined));
  await over();
  expect(written()).toEqual([]);
});

test("commands list what waits, show it whole, and decide by its whole id alone", async () => {
  t = await open({}, true);
  const olga = await pairOwner(t);
  const ann = await pairPerson(t, { id: 2002, name: "Ann" });
  const say = (text: string, by = olga) => t.telegram.say(by.chat, by.user, text);
  const told = (part: string, id = 1001) =>
    t.telegram.nextSent(({ chatId, text }) => chatId === id && text.includes(part));
  say("/pending-actions");
  await told("Nothing waits for an approval here.");
  say("write it down", ann);
  const { id } = await parked();
  say("/pending-actions", ann);
  const mine = await told("Waiting for an approval", 2002);
  expect(mine.text).toContain(id);
  say(`/approve-action ${id}`, ann);
  await told("Your role (member) does not allow", 2002);
  say("/pending-actions");
  const listed = await told("Waiting for an approval");
  t.telegram.press(listed, labelsOf(listed)[0] ?? "", olga.user);
  const shown = await t.telegram.nextSent(
    ({ chatId, text, messageId }) =>
      chatId === 1001 && messageId > listed.messageId && text.startsWith("Approve this?"),
  );
  expect(shown.text).toContain('"content": "hello"');
  say(`/approve ${id.slice(-8)}`);
  await told("I do not know this pairing code.");
  say("/approve-action latest");
  await told("An approval is named by its whole id");
  say("approve the latest action");
  await told("/approve-action <id> [note]");
  say(`/deny ${id} not like this`);
  await told("Denied: Write 5 characters to notes.md");
  await t.until(() => (shown.text.includes("Denied by Owner") ? true : undefined));
  expect(labelsOf(shown)).toEqual([]);
  await over();
  expect(await t.rows("approvals")).toMatchObject([{ state: "denied", note: "not like this" }]);
  say(`/pending-actions ${id}`);
  await told("denied by Owner");
  expect(written()).toEqual([]);
});

test("two approvers at once over two surfaces decide once", async () => {
  t = await open({}, true);
  const olga = await pairOwner(t);
  t.telegram.say(olga.chat, olga.user, "write it down");
  const card = await t.telegram.nextSent(({ text }) => text.startsWith("Approve this?"));
  const { id } = await parked();
  t.telegram.press(card, "Deny", olga.user);
  const answers = await Promise.all([decide(id, true), decide(id, true), decide(id, false)]);
  await over();
  const [{ state } = { state: "pending" }] = await t.rows("approvals");
  const won = answers.filter(({ status }) => status === 200);
  expect(won.length).toBeLessThanOrEqual(1);
  for (const { status, body } of answers)
    if (status !== 200)
      expect({ status, state: body.approval.state }).toEqual({ status: 409, state });
  expect(written()).toHaveLength(state === "approved" ? 1 : 0);
});

test("nobody approves what they asked for themselves where that takes two", async () => {
  t = await open({ APPROVAL_TWO_PERSON: "filesystem" }, true);
  const olga = await pairOwner(t);
  const ada = await pairPerson(t, { id: 3003, name: "Ada", role: "admin" });
  t.telegram.say(ada.chat, ada.user, "write it down");
  const card = await t.telegram.nextSent(
    ({ chatId, text }) => chatId === 3003 && text.startsWith("Approve this?"),
  );
  await parked();
  t.telegram.press(card, "Approve", ada.user);
  await t.telegram.nextAnswer(({ text }) => text.includes("Another admin must decide."));
  expect(labelsOf(card)).toEqual(["Approve", "Deny"]);
  const olgas = await t.telegram.nextSent(
    ({ chatId, text }) => chatId === 1001 && text.startsWith("Approve this?"),
  );
  t.telegram.press(olgas, "Approve", olga.user);
  await over();
  expect(await t.rows("approvals")).toMatchObject([{ state: "approved" }]);
});

test("the page is not kept at work by what waits for an approval", async () => {
  t = await open();
  const message = { text: "write it down", message_id: "m1" };
  await t.api("POST", "/api/v1/conversation/messages", message);
  const { id } = await parked();
  const { body } = await t.api("GET", "/api/v1/conversation");
  expect(body).toMatchObject({ is_working: false });
  expect(body.items).toMatchObject([
    { kind: "message", outcome: "pending", run_state: "parked" },
    { kind: "reply", buttons: [{ label: "Approve", command: `/approve-action ${id}` }, {}] },
  ]);
});

test("what nobody typed or we offered decides nothing", async () => {
  t = await open();
  await chat({ wait_seconds: 0 });
  const { id } = await parked();
  const said = await t.api("POST", "/api/v1/conversation/messages", {
    text: `/approve-action ${id}`,
    message_id: "made-up",
    pressed: true,
  });
  expect(said.status).toBeLessThan(300);
  await t.row("messages", ({ reason }) => reason === "typed_only");
  expect(await t.rows("approvals")).toMatchObject([{ state: "pending" }]);
  expect(written()).toEqual([]);
});

const cli = (...args: readonly string[]) =>
  runCommand(args, { cwd: t.directory, env: { AGENT_RUNTIME_DATA_DIR: t.dataDir } });

test("in the terminal a question ends when it waits for an approval, which is listed, shown and decided there", async () => {
  t = await open();
  const asked = await cli("chat", "write", "it", "down");
  const { id } = await parked();
  expect(asked).toMatchObject({ exitCode: 0, stderr: "" });
  expect(asked.stdout).toContain(`: npx agent-runtime approvals approve ${id} (`);
  expect((await cli("approvals", "list", "--state", "pending")).stdout).toContain(id);
  const shown = await cli("approvals", "show", id);
  expect(shown.stdout).toContain('"content": "hello"');
  expect(await cli("approvals", "approve", id, "--note", "go on")).toMatchObject({
    exitCode: 0,
    stdout: `${id} is approved.\n`,
  });
  await over();
  expect(await cli("approvals", "deny", id)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("was approved"),
  });
  const shadow = await cli("approvals", "shadow", "--preset", "sensitive-only", "--json");
  expect(JSON.parse(shadow.stdout)).toMatchObject({
    total: { calls: 1, would_ask: 0, would_allow: 1, was_asked: 1, cannot_judge: 0 },
    by_tool: [{ tool: "write_file", would_allow: 1 }],
  });
  const strict = await cli("approvals", "shadow", "--preset", "always-ask");
  expect(strict.stdout).toMatch(/^all +1 +1 +0 +0 +0 +1$/mu);
});
