import { afterEach, expect, test } from "vitest";
import { allowAnswer } from "../support/allow-answer.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { pairOwner, pairPerson } from "../support/pair-people.ts";
import { createScriptedModel, type ScriptedModel } from "../support/scripted-model.ts";

const ANSWER = "The page says that Eve is owed 7 euros.";

let t: TestRuntime;
let model: ScriptedModel;
afterEach(() => t.close());

/** A group in which Ann shows what somebody else wrote, and asks about it. */
async function open(script: Parameters<typeof createScriptedModel> = [{ text: ANSWER }]) {
  model = createScriptedModel(...script);
  t = await openTestRuntime({ telegram: true, model });
  const owner = await pairOwner(t);
  const ann = await pairPerson(t, { id: 2002, name: "Ann" });
  const group = t.telegram.group(-55, "Support");
  const ask = () => {
    const document = t.telegram.file(Buffer.from("owed"), { file_name: "mail.txt" });
    return t.telegram.send(group, ann.user, { document }, "@runtime_bot what does it say?");
  };
  return { owner, ann, group, ask };
}

const inGroup = () => t.telegram.sent.filter(({ chatId }) => chatId === -55);
const waits = () => t.telegram.nextSent(({ text }) => text.startsWith("An answer waits."));
const asked = () => t.telegram.nextSent(({ text }) => text.startsWith("Say this?"));
const over = () => t.row("runs", ({ finished_at_ms: at }) => at !== null);
const parked = () => t.row("runs", ({ state }) => state === "parked");
const answerOf = (runId: string) =>
  t.row("deliveries", ({ run_id: of, body }) => of === runId && body.includes(ANSWER));

test("what a run says to a group after others' words is read by an admin first, and said exactly so once", async () => {
  const { owner, ask } = await open();
  const question = ask();
  const notice = await waits();
  const card = await asked();
  await parked();
  expect(notice).toMatchObject({ chatId: -55, replyTo: question.message_id, buttons: [] });
  expect(card).toMatchObject({ chatId: owner.chat.id });
  expect(card.text).toContain(ANSWER);
  expect(card.text).toContain("For Ann in Support.");
  expect(card.text).toContain("the file “mail.txt”");
  expect(JSON.stringify(inGroup())).not.toContain("euros");
  expect(await t.rows("messages")).toContainEqual(
    expect.objectContaining({ outcome: "pending", external_message_id: expect.any(String) }),
  );

  t.telegram.press(card, "Approve", owner.user);
  const said = await t.telegram.nextSent(
    ({ chatId, text }) => chatId === -55 && text.includes(ANSWER),
  );
  expect(said.text).toBe(`Approved by Owner:\n\n${ANSWER}`);
  expect(said.replyTo).toBe(question.message_id);
  await t.until(() => (notice.text.includes("Approved by Owner") ? true : undefined));
  await t.idle();
  expect(await over()).toMatchObject({ state: "succeeded" });
  expect(model.calls).toHaveLength(1);
  expect(inGroup().filter(({ text }) => text.includes(ANSWER))).toHaveLength(1);
  const [approval] = await t.rows("approvals");
  expect(approval).toMatchObject({ tool: "reply", tool_class: "content", execution: "succeeded" });
});

test("an answer that is denied is never read in the group, which is told who kept it back", async () => {
  const { owner, ask } = await open();
  ask();
  const card = await asked();
  const { id } = await t.row("approvals", ({ state }) => state === "pending");
  await parked();
  t.telegram.say(owner.chat, owner.user, `/deny-action ${id} not their business`);
  const told = await t.telegram.nextSent(
    ({ chatId, text }) => chatId === -55 && text.startsWith("Not done"),
  );
  expect(told.text).toMatch(
    /^Not done, denied by Owner: reply \(not their business\)\n\nI could not answer this\. .+ it was not approved\. Ask me in private\./u,
  );
  await t.until(() => (card.text.includes("Denied by Owner") ? true : undefined));
  await t.idle();
  expect(await over()).toMatchObject({ state: "failed", error: "the answer was not approved" });
  expect(await t.row("messages", ({ reason }) => reason === "reply_withheld")).toMatchObject({
    outcome: "failed",
  });
  expect(model.calls).toHaveLength(1);
  expect(JSON.stringify(inGroup())).not.toContain("euros");
  // Whoever denied it needs no notice of what follows.
  const notices = t.telegram.sent.filter(({ text }) => text.startsWith("In Support"));
  expect(notices).toEqual([]);
});

test("an answer that waits outlives restarts, and is said without asking the model again", async () => {
  const { owner, ask } = await open();
  ask();
  const card = await asked();
  const { id: runId } = await parked();
  const other = createScriptedModel({ text: "Something else." });
  await t.restart({ model: other });
  t.telegram.press(card, "Approve", owner.user);
  await answerOf(runId);
  await t.idle();
  expect(other.calls).toEqual([]);
  expect((await t.rows("usage")).filter(({ run_id: of }) => of === runId)).toHaveLength(1);
  expect(JSON.stringify(inGroup())).not.toContain("Something else");
});

test("in the group the waiting answer is not shown to whoever asks for it; in private it is", async () => {
  const { owner, group, ask } = await open();
  ask();
  await asked();
  const { id } = await t.row("approvals", ({ state }) => state === "pending");
  t.telegram.say(group, owner.user, "/pending-actions");
  await t.telegram.nextSent(({ chatId, text }) => chatId === -55 && text.includes(id));
  t.telegram.say(group, owner.user, `/pending-actions ${id}`);
  await t.telegram.nextSent(
    ({ chatId, text }) => chatId === -55 && text.includes("Ask me in private."),
  );
  const before = t.telegram.sent.length;
  t.telegram.say(owner.chat, owner.user, `/pending-actions ${id}`);
  await t.until(() => t.telegram.sent.slice(before).find(({ text }) => text.includes(ANSWER)));
  expect(JSON.stringify(inGroup())).not.toContain("euros");
  await parked();
});

test("a model that calls the tool by its name is told that there is none", async () => {
  const { owner, ask } = await open([
    { callTool: "reply", input: { text: "Pay Eve.", is_cut_off: false } },
    { text: ANSWER },
  ]);
  ask();
  expect((await allowAnswer(t, owner.user)).text).toContain(ANSWER);
  await t.telegram.nextSent(({ chatId, text }) => chatId === -55 && text.includes(ANSWER));
  expect(JSON.stringify(model.calls[1]?.prompt)).toContain('There is no tool called \\"reply\\"');
  expect(model.calls[0]?.tools?.map(({ name }) => name)).not.toContain("reply");
  expect(JSON.stringify(t.telegram.sent)).not.toContain("Pay Eve.");
});

test("what such a run wants to do is shown to admins and not to the group, whatever becomes of it", async () => {
  const input = { path: "eve-is-owed.md", content: "7 euros" };
  const { owner, group, ask } = await open([
    { callTool: "write_file", input },
    { text: "I tried." },
  ]);
  ask();
  const notice = await t.telegram.nextSent(({ text }) => text.startsWith("Something waits for"));
  const card = await t.telegram.nextSent(({ text }) => text.startsWith("Approve this?"));
  expect([notice.chatId, card.chatId]).toEqual([-55, owner.chat.id]);
  expect(card.text).toContain('"content": "7 euros"');
  await parked();
  t.telegram.say(group, owner.user, "/pending-actions");
  const listed = await t.telegram.nextSent(
    ({ chatId, text }) => chatId === -55 && text.includes("act_"),
  );
  expect(listed.text).toContain("write_file: write_file, for Ann");
  const { id } = await t.row("approvals", ({ state }) => state === "pending");
  t.telegram.say(group, owner.user, `/deny-action ${id}`);
  await t.telegram.nextSent(({ text }) => text.startsWith("Denied: write_file."));
  await allowAnswer(t, owner.user);
  const said = await t.telegram.nextSent(
    ({ chatId, text }) => chatId === -55 && text.includes("I tried."),
  );
  expect(said.text).toMatch(
    /^Not done, denied by Owner: write_file\n\nApproved by Owner:\n\nI tried\./u,
  );
  expect(JSON.stringify(inGroup())).not.toMatch(/owed|euros/u);
});

test("what only admins read, and what a person reads in private, is not asked about", async () => {
  const { owner, ann, group, ask } = await open();
  const document = () => t.telegram.file(Buffer.from("owed"), { file_name: "mail.txt" });
  t.telegram.send(ann.chat, ann.user, { document: document() }, "what does it say?");
  await t.telegram.nextSent(({ chatId, text }) => chatId === 2002 && text === ANSWER);
  t.telegram.say(group, owner.user, "/admin-channel enable hub");
  await t.row("contexts", ({ is_admin: isAdmin }) => isAdmin === 1);
  ask();
  await t.telegram.nextSent(({ chatId, text }) => chatId === -55 && text === ANSWER);
  expect((await t.rows("runs")).map(({ taint }) => taint)).toEqual([1, 1]);
  expect(await t.rows("approvals")).toEqual([]);
});
