import { AppError } from "../../core/errors.ts";
import { code, codeBlock, doc, p } from "../../core/rich-text/build.ts";
import { setPrompt, showPrompt } from "../../operations/set-prompt.ts";
import type { Command, CommandCall, CommandResult } from "./command.ts";

const USAGE = "/prompt show | set <text> | clear";
/** The word, one space or line break, and the text exactly as it was written. */
const FORM = /^([a-z]+)(?:\s([\s\S]*))?$/iu;

export const promptCommand: Command = {
  name: "prompt",
  aliases: [],
  args: "show | set <text> | clear",
  summary: "Say what I shall know and heed in this conversation",
  permission: "manage:contexts",
  isTypedOnly: true,
  run: async (call) => {
    const trimmed = call.args.trim();
    const [, word = "", text = ""] = FORM.exec(trimmed) ?? [];
    if (trimmed === "" || (isWord(word, "show") && text === "")) return await show(call);
    if (isWord(word, "set")) return await set(call, text);
    if (isWord(word, "clear") && text === "") return await clear(call);
    throw new AppError("invalid_input", `Send it as: ${USAGE}`);
  },
};

function isWord(typed: string, word: string): boolean {
  return typed.toLowerCase() === word;
}

async function show({ deps, facts }: CommandCall): Promise<CommandResult> {
  const prompt = await showPrompt(deps, facts.actor, facts.context.id);
  if (prompt === null) {
    return { reply: doc(p("There is no prompt here. Set one: ", code("/prompt set <text>"))) };
  }
  return {
    reply: doc(
      p("The prompt of this conversation, which I follow beside all else:"),
      codeBlock(prompt),
    ),
  };
}

async function set({ deps, facts }: CommandCall, prompt: string): Promise<CommandResult> {
  const input = { contextId: facts.context.id, prompt };
  const { effects, seen } = await setPrompt(deps, facts.actor, input);
  return {
    reply: doc(p("Saved. I follow it from my next answer in this conversation on.")),
    effects,
    seen,
  };
}

async function clear({ deps, facts }: CommandCall): Promise<CommandResult> {
  const input = { contextId: facts.context.id, prompt: null };
  const { effects, seen } = await setPrompt(deps, facts.actor, input);
  return { reply: doc(p("The prompt of this conversation is removed.")), effects, seen };
}
