import type { Redactor } from "./redact.ts";
import { listButtons } from "./rich-text/list-buttons.ts";
import type { Block, Inline, RichText } from "./rich-text/rich-text.ts";
import { cleanText } from "./rich-text/span.ts";
import { toShownText } from "./rich-text/to-shown-text.ts";

/** What `cleanText` takes out or changes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is they that are looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/;

/**
 * `body` without secrets, also such as only a reader would see whole, because markup or a control character parts
 * them: then the body loses its formats. The same object when there is nothing to hide, which is nearly always.
 */
export function redactRichText(body: RichText, { redact, suspects }: Redactor): RichText {
  const text = textOfBlocks(body);
  if (!suspects(CONTROL.test(text) ? cleanText(text) : text)) return body;
  const clean = redactTexts(body, redact) as RichText;
  const shown = toShownText(clean);
  const cleanShown = redact(shown);
  if (cleanShown === shown) return clean;
  const buttons = listButtons(clean);
  return [
    { type: "paragraph", inlines: [{ type: "text", text: cleanShown }] },
    ...(buttons.length === 0 ? [] : [{ type: "buttons" as const, buttons }]),
  ];
}

/** Everything that any channel may show, with nothing between texts that stand side by side. */
function textOfBlocks(blocks: RichText): string {
  let text = "";
  for (const block of blocks) text += `${textOfBlock(block)}\n`;
  return text;
}

function textOfBlock(block: Block): string {
  switch (block.type) {
    case "paragraph":
      return textOfInlines(block.inlines) + urlsOf(block.inlines);
    case "code-block":
      return `${block.language}\n${block.code}`;
    case "list":
      return block.items.map(textOfBlocks).join("");
    case "quote":
      return textOfBlocks(block.blocks);
    case "buttons":
      return block.buttons.map(({ label, command }) => `${label}\n${command}\n`).join("");
  }
}

function textOfInlines(inlines: readonly Inline[]): string {
  let text = "";
  for (const inline of inlines) {
    if (inline.type === "text") text += inline.text;
    else if (inline.type === "code") text += inline.code;
    else text += textOfInlines(inline.inlines);
  }
  return text;
}

/** Apart from the labels, which touch their neighbours where the address is not shown. */
function urlsOf(inlines: readonly Inline[]): string {
  let text = "";
  for (const inline of inlines) {
    if (inline.type === "link") text += `\n${inline.url}`;
    if ("inlines" in inline) text += urlsOf(inline.inlines);
  }
  return text;
}

/** Every string of plain data. */
function redactTexts(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map((item) => redactTexts(item, redact));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, redactTexts(inner, redact)]),
  );
}
