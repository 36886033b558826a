import { expect, test } from "vitest";
import { listButtons } from "../core/rich-text/list-buttons.ts";
import { toPlainText } from "../core/rich-text/to-plain-text.ts";
import { answerReply } from "./agent-replies.ts";

const mayOffer = (command: string) => command.startsWith("/task");
const reply = (text: string) => answerReply({ text, isCutOff: false }, mayOffer);

test("an answer has the buttons that its model may offer, and of others their words alone", async () => {
  const body = await reply(
    "[Water them](command:/task%20water) or [Approve](command:/approve-action%20act_1)\n\n- [No][no]\n\n> [Yes](command:/approve%20act_1)\n\n[no]: command:/deny-action%20act_1",
  );
  expect(listButtons(body)).toEqual([{ label: "Water them", command: "/task water" }]);
  expect(toPlainText(body)).toContain("Water them or Approve");
  expect(toPlainText(body)).toContain("Yes");
});

test.each([
  "Approve",
  "approve this",
  "✅ Approved",
  "Deny",
  "𝐀𝐩𝐩𝐫𝐨𝐯𝐞",
  "Ａｐｐｒｏｖｅ",
  "Аpprove", // its first letter is Cyrillic
  "A\u200bpprove",
  "Appr\u2060o\u00adve",
])(
  "a button %j of a model is named by what it does, as it is none of our cards'",
  async (label) => {
    const body = await reply(`[${label}](command:/task%20mail%20Eve)`);
    expect(listButtons(body)).toEqual([{ label: "/task mail Eve", command: "/task mail Eve" }]);
  },
);

test.each(["Improve it", "Одобрить", "Créer la tâche"])(
  "a button %j keeps its name",
  async (label) => {
    expect(listButtons(await reply(`[${label}](command:/task%20x)`))).toMatchObject([{ label }]);
  },
);
