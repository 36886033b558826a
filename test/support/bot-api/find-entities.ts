import type { Entity } from "./parse-telegram-html.ts";

const COMMAND = /(?<![\w/<>])\/[a-z0-9_]{1,64}(?:@[a-z0-9_]{3,32})?(?![\w/@])/gi;
const MENTION = /(?<![\w@/])@[a-z][a-z0-9_]{2,31}\b/gi;

/** The entities Telegram itself marks in what a person types: commands and mentions. */
export function findEntities(text: string): Entity[] {
  const found: Entity[] = [];
  for (const match of text.matchAll(COMMAND)) {
    found.push({ type: "bot_command", offset: match.index, length: match[0].length });
  }
  for (const match of text.matchAll(MENTION)) {
    found.push({ type: "mention", offset: match.index, length: match[0].length });
  }
  return found.sort((a, b) => a.offset - b.offset);
}
