import { type LayingOut, type LayOutOptions, layOutInlines } from "./lay-out-inlines.ts";
import type { Block, Button, RichText } from "./rich-text.ts";
import { cleanText, NO_STYLE, type Span } from "./span.ts";
import { createSpanWriter, type Frame, QUOTED } from "./span-writer.ts";

/** Lays `body` out as one text in reading order. */
export function layOut(body: RichText, options: LayOutOptions): readonly Span[] {
  const writer = createSpanWriter();
  layOutBlocks(body, { indent: "", style: NO_STYLE }, writer.breakParagraph, { writer, options });
  return writer.spans;
}

function layOutBlocks(
  blocks: RichText,
  frame: Frame,
  breakBetween: (frame: Frame) => void,
  to: LayingOut,
): void {
  for (const [index, block] of blocks.entries()) {
    if (index > 0) breakBetween(frame);
    layOutBlock(block, frame, to);
  }
}

function layOutBlock(block: Block, frame: Frame, to: LayingOut): void {
  switch (block.type) {
    case "paragraph":
      layOutInlines(block.inlines, frame.style, frame.indent, to);
      break;
    case "code-block":
      layOutCodeBlock(block.language, block.code, frame, to);
      break;
    case "list":
      layOutList(block.items, block.ordered, frame, to);
      break;
    case "quote":
      layOutQuote(block.blocks, frame, to);
      break;
    case "buttons":
      layOutButtons(block.buttons, frame, to);
      break;
  }
}

function layOutCodeBlock(language: string, code: string, frame: Frame, to: LayingOut): void {
  const text = cleanText(code).replace(/\n+$/, "");
  if (to.options.as === "styled") {
    const around = to.options.quotesCode ? frame.style : NO_STYLE;
    to.writer.write(text, { ...around, pre: cleanText(language) }, "");
    return;
  }
  const fence = fenceFor(text);
  to.writer.write(`${fence}${language}\n${text}\n${fence}`, frame.style, frame.indent);
}

function layOutList(
  items: readonly RichText[],
  isOrdered: boolean,
  frame: Frame,
  to: LayingOut,
): void {
  for (const [index, item] of items.entries()) {
    if (index > 0) to.writer.breakLine(frame);
    const bullet = isOrdered ? `${index + 1}. ` : "• ";
    to.writer.write(bullet, frame.style, "");
    const inner = { ...frame, indent: frame.indent + " ".repeat(bullet.length) };
    layOutBlocks(item, inner, to.writer.breakLine, to);
  }
}

/** When styled, a quote within a quote is the same quote: Telegram does not nest them. */
function layOutQuote(blocks: RichText, frame: Frame, to: LayingOut): void {
  if (to.options.as === "styled") {
    layOutBlocks(blocks, { ...frame, style: QUOTED }, to.writer.breakParagraph, to);
    return;
  }
  to.writer.write("> ", frame.style, "");
  const inner = { ...frame, indent: `${frame.indent}> ` };
  layOutBlocks(blocks, inner, to.writer.breakParagraph, to);
}

function layOutButtons(buttons: readonly Button[], frame: Frame, to: LayingOut): void {
  if (to.options.as === "styled") return;
  for (const [index, button] of buttons.entries()) {
    if (index > 0) to.writer.breakLine(frame);
    to.writer.write(`${button.label}: ${button.command}`, frame.style, frame.indent);
  }
}

/** Longer than any run of backticks in `code`, so that the code cannot end its own block. */
export function fenceFor(code: string): string {
  let longest = 2;
  for (const [run] of code.matchAll(/`{3,}/g)) longest = Math.max(longest, run.length);
  return "`".repeat(longest + 1);
}
