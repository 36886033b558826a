import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import type { RichText } from "../core/rich-text/rich-text.ts";
import { hideBlanks } from "./markdown/command-links.ts";
import { isCostly } from "./markdown/is-costly.ts";
import { readDocument, readUnusedDefinitions } from "./markdown/read-blocks.ts";
import { readLiterally } from "./markdown/read-literally.ts";
import { startReading } from "./markdown/reading.ts";

/** Longer text is shown as it was written: parsing it would hold up everything else. */
const LONGEST_PARSED = 64 * 1024;

/**
 * What a model wrote (CommonMark and GFM) as rich text. Links `[label](command:/…)` become buttons after their
 * paragraph; links with another scheme than `isSafeUrl` allows become text; HTML stays literal. Never throws.
 */
export function markdownToRichText(markdown: string): RichText {
  const text = markdown.replace(/\r\n?/g, "\n");
  if (text.length > LONGEST_PARSED || isCostly(text)) return readLiterally(text);
  try {
    return parse(text);
  } catch {
    // Only a text nested beyond the stack gets here; its words still count.
    return readLiterally(text);
  }
}

function parse(text: string): RichText {
  const { markdown, blank } = hideBlanks(text);
  const root = fromMarkdown(markdown, {
    extensions: [gfm()],
    mdastExtensions: [gfmFromMarkdown()],
  });
  const reading = startReading(markdown, blank, root);
  const blocks = readDocument(root.children, reading);
  return [...blocks, ...readUnusedDefinitions(reading)];
}
