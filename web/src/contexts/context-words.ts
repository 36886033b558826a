import type { ContextView } from "../../../src/client/shapes/context.ts";
import { showableName } from "../parts/showable-name.ts";

/** What a conversation is called, or where it is when it has no name. */
export function nameOfContext({ title, connector, external_id }: ContextView): string {
  return title.trim() === "" ? `${connector} ${external_id}` : showableName(title);
}

const ADDRESSING_WORDS = {
  mention: "Answers what is meant for it",
  all: "Answers all that paired people say",
} as const;

/** What admins set there, for people; empty when nothing is set. */
export function settingWords(context: ContextView): string {
  const { addressing, is_triaged: isTriaged, has_prompt: hasPrompt } = context;
  const words = [
    ...(addressing === null ? [] : [ADDRESSING_WORDS[addressing]]),
    ...(isTriaged ? ["Triage is on"] : []),
    ...(hasPrompt ? ["Has a prompt"] : []),
  ];
  return words.join(" · ");
}

export function isAnythingSet(context: ContextView): boolean {
  return context.supervises !== "nothing" || settingWords(context) !== "";
}
