import type { CommandOffer } from "../core/request/command-offer.ts";
import { escapeMarkdown } from "../core/rich-text/escape-markdown.ts";

/** `[Create the task](command:/task%20prepare%20the%20report)`: Markdown that becomes a button. */
export function commandLink(offer: CommandOffer): string {
  const target = encodeURIComponent(offer.command.toWellFormed().slice(1)).replace(
    /[!'()*]/gu,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `[${escapeMarkdown(offer.label, { isLineStart: false, isLabel: true })}](command:/${target})`;
}
