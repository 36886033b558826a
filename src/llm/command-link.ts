import type { CommandOffer } from "../core/request/command-offer.ts";

const NEEDS_ESCAPE = /[\\`*_[\]<>~|&!#]/gu;

/** `[Create the task](command:/task%20prepare%20the%20report)`: Markdown that becomes a button. */
export function commandLink(offer: CommandOffer): string {
  const target = encodeURIComponent(offer.command.toWellFormed().slice(1)).replace(
    /[!'()*]/gu,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `[${escapeMarkdown(offer.label)}](command:/${target})`;
}

/** The same text, read literally by a Markdown parser when it stands inside a line. */
export function escapeMarkdown(text: string): string {
  return text.replace(NEEDS_ESCAPE, "\\$&");
}
