import type { Inline, RichText } from "../../src/core/rich-text/rich-text.ts";

/** What `body` says as the runtime's own words: all but code, which is what others wrote or what is to be typed. */
export function ownWordsOf(body: RichText): string {
  return body
    .map((block) => {
      if (block.type === "paragraph") return wordsOf(block.inlines);
      if (block.type === "list") return block.items.map(ownWordsOf).join("\n");
      return block.type === "quote" ? ownWordsOf(block.blocks) : "";
    })
    .join("\n");
}

function wordsOf(inlines: readonly Inline[]): string {
  return inlines
    .map((inline) => {
      if (inline.type === "text") return inline.text;
      return inline.type === "code" ? "" : wordsOf(inline.inlines);
    })
    .join("");
}
