import { AppError } from "../../core/errors.ts";
import type { RuleWish } from "../../core/memory/rule.ts";
import { hasVisibleText } from "../../core/message/storable-text.ts";
import { bold, code, doc, p } from "../../core/rich-text/build.ts";
import { changeRules } from "../../operations/change-rules.ts";
import { showRules } from "../../operations/show-rules.ts";
import type { Command, CommandCall, CommandResult } from "./command.ts";

const USAGE = "/rules [add <text> | drop <number> | drop all]";
const FORM = /^(?<word>add|drop)\s+(?<rest>[\s\S]+)$/iu;

export const rulesCommand: Command = {
  name: "rules",
  aliases: [],
  args: "[add <text> | drop <number>]",
  summary: "Show what I always heed in this conversation, state more, or drop some",
  permission: "converse",
  isTypedOnly: true,
  run: async (call) => {
    const args = call.args.trim();
    if (args === "") return await list(call);
    const { word = "", rest = "" } = FORM.exec(args)?.groups ?? {};
    const wish = word.toLowerCase() === "add" ? keep(rest) : forget(rest);
    if (wish === undefined) throw new AppError("invalid_input", `Send it as: ${USAGE}`);
    return await change(call, wish);
  },
};

function keep(text: string): RuleWish | undefined {
  const oneLine = text.replace(/\s+/gu, " ").trim();
  return hasVisibleText(oneLine) ? { kind: "keep", text: oneLine } : undefined;
}

function forget(text: string): RuleWish | undefined {
  if (text.trim().toLowerCase() === "all") return { kind: "forget", numbers: "all" };
  const numbers = text.split(/[\s,]+/u).filter((one) => one !== "");
  const areNumbers = numbers.length > 0 && numbers.every((one) => /^\d{1,6}$/u.test(one));
  return areNumbers ? { kind: "forget", numbers: numbers.map(Number) } : undefined;
}

async function list({ deps, facts }: CommandCall): Promise<CommandResult> {
  const rules = await showRules(deps, facts.actor, facts.context.id);
  if (rules.length === 0) {
    return { reply: doc(p("There are no rules here. State one: ", code("/rules add <text>"))) };
  }
  return {
    reply: doc(
      p(bold("What I always heed in this conversation:")),
      ...rules.map(({ number, text }) => p(`${number}. `, code(text))),
      p("To drop one: ", code("/rules drop <number>")),
    ),
  };
}

async function change({ deps, facts }: CommandCall, wish: RuleWish): Promise<CommandResult> {
  const input = { contextId: facts.context.id, messageId: facts.message.id, wish };
  const { effects, seen, numbers } = await changeRules(deps, facts.actor, input);
  return { reply: doc(p(saidOf(wish, numbers))), effects, seen };
}

function saidOf(wish: RuleWish, numbers: readonly number[]): string {
  if (wish.kind === "keep") return `I heed it from now on, as rule ${numbers.join()}.`;
  if (numbers.length === 0) return "There is no such rule here. To see them: /rules";
  return `Dropped: ${numbers.length === 1 ? "rule" : "rules"} ${numbers.join(", ")}.`;
}
