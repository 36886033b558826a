import { afterEach, expect, test } from "vitest";
import { allowAnswer } from "../support/allow-answer.ts";
import { type FileScene, openFileScene, PDF } from "../support/open-file-scene.ts";
import { addPerson } from "../support/pair-people.ts";

let s: FileScene;
afterEach(() => s.t.close());

/** A group that opted in, where a stranger reports things with a file each; the card is what the owner reads of it. */
async function openGroup(env: Readonly<Record<string, string>> = {}) {
  s = await openFileScene(env);
  const group = s.t.telegram.group(-55, "Garden");
  const eve = addPerson(s.t, 6666, "Eve");
  s.t.telegram.say(group, s.owner.user, "/settings triage on");
  await s.reply("That holds from the next message on");
  return {
    async report(text: string) {
      const document = s.t.telegram.file(PDF, { file_name: "gate.pdf" });
      const said = s.t.telegram.send(group, eve.user, { document }, text);
      return { said, card: await s.reply(`${text}\n`) };
    },
  };
}

test("what came with a stranger's report is fetched once an operator starts it, before the work", async () => {
  const { report } = await openGroup();
  const { said, card } = await report("The gate is broken");
  await s.t.idle();
  expect(await s.t.rows("files")).toEqual([]);
  expect(s.asked()).toBe(0);
  s.t.telegram.press(card, "Start", s.owner.user);
  await allowAnswer(s.t, s.owner.user);
  const done = await s.reply("Done:");
  expect(done).toMatchObject({ chatId: -55, replyTo: said.message_id });
  expect(done.text).toContain(`"gate.pdf", application/pdf, 12 KB, saved in the workspace`);
  const file = await s.settled("saved");
  expect(file).toMatchObject({ taint: 1, user_id: expect.stringMatching(/^usr_/) });
  expect(s.read(file)).toEqual(PDF);
  await s.t.idle();
  expect(await s.t.rows("files")).toHaveLength(1);
});

test("what cannot be fetched of it is told to admins alone, and the work is done without", async () => {
  const { report } = await openGroup({ INBOUND_FILES_MAX_PER_DAY: "1" });
  const first = await report("Somebody posts spam here");
  s.t.telegram.press(first.card, "Start", s.owner.user);
  await s.settled("saved");
  const second = await report("The gate is broken");
  s.t.telegram.press(second.card, "Start", s.owner.user);
  const told = await s.reply("could not be saved: too many were sent today");
  expect(told.chatId).toBe(s.owner.chat.id);
  expect(told.text).toMatch(/^The file gate\.pdf of task task_\w+ could not/u);
  await allowAnswer(s.t, s.owner.user);
  await s.t.idle();
  const inGroup = s.t.telegram.sent.filter(({ chatId }) => chatId === -55);
  expect(inGroup.filter(({ text }) => text.includes("gate.pdf could not"))).toEqual([]);
  expect(await s.t.rows("tasks")).toMatchObject([{ status: "succeeded" }, { status: "succeeded" }]);
});

test("of an operator's own report about people that they start themselves, the group hears nothing", async () => {
  await openGroup({ INBOUND_FILES_MAX_PER_DAY: "1" });
  const group = s.t.telegram.group(-55, "Garden");
  for (const name of ["one.pdf", "two.pdf"]) {
    const document = s.t.telegram.file(PDF, { file_name: name });
    s.t.telegram.send(group, s.owner.user, { document }, `Somebody posts spam here, see ${name}`);
    const card = await s.reply(`see ${name}\n`);
    s.t.telegram.press(card, "Start", s.owner.user);
    if (name === "one.pdf") await s.settled("saved");
  }
  const told = await s.reply("could not be saved: too many were sent today");
  expect(told.chatId).toBe(s.owner.chat.id);
  expect(told.text).toContain("two.pdf");
  await s.t.idle();
  const inGroup = s.t.telegram.sent.filter(({ chatId }) => chatId === -55);
  expect(inGroup.filter(({ text }) => text.includes(".pdf"))).toEqual([]);
});
