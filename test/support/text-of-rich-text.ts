import { isAddressOf } from "../../src/core/rich-text/lay-out-inlines.ts";
import type { Block, Inline, RichText } from "../../src/core/rich-text/rich-text.ts";
import { isSafeUrl } from "../../src/core/rich-text/safe-url.ts";
import { cleanText } from "../../src/core/rich-text/span.ts";

interface Reading {
  /** How a link reads. Without: `label(address)`, or the label alone where that is the address. */
  readonly link?: (label: string, url: string) => string;
  /** What stands before an item of a list. Without: nothing. */
  readonly bullet?: (isOrdered: boolean, index: number) => string;
}

/**
 * What somebody must find in `body`, in order, however it is shown. Written apart from what lays bodies out, to be held
 * against it; white space between blocks is left out.
 */
export function textOfRichText(body: RichText, reading: Reading = {}): string {
  return body.map((block) => textOfBlock(block, reading)).join("");
}

function textOfBlock(block: Block, reading: Reading): string {
  switch (block.type) {
    case "paragraph":
      return textOfInlines(block.inlines, reading, false);
    case "code-block":
      return cleanText(block.code);
    case "list":
      return block.items
        .map((item, index) => {
          const bullet = reading.bullet?.(block.ordered, index) ?? "";
          return bullet + textOfRichText(item, reading);
        })
        .join("");
    case "quote":
      return textOfRichText(block.blocks, reading);
    case "buttons":
      return cleanText(block.buttons.map((one) => `${one.label}:${one.command}`).join(""));
  }
}

function textOfInlines(inlines: readonly Inline[], reading: Reading, isInLink: boolean): string {
  return inlines.map((inline) => textOfInline(inline, reading, isInLink)).join("");
}

function textOfInline(inline: Inline, reading: Reading, isInLink: boolean): string {
  if (inline.type === "text") return cleanText(inline.text);
  if (inline.type === "code") return cleanText(inline.code);
  if (inline.type !== "link" || isInLink || !isSafeUrl(inline.url)) {
    return textOfInlines(inline.inlines, reading, isInLink);
  }
  const label = textOfInlines(inline.inlines, reading, true);
  if (label.trim() === "") return inline.url;
  return (reading.link ?? labelAndAddress)(label, inline.url);
}

function labelAndAddress(label: string, url: string): string {
  return isAddressOf(url, label.trim()) ? label : `${label}(${url})`;
}
