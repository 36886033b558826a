import type { Block, RichText } from "./rich-text.ts";

/** The same words with nothing to press. */
export function withoutButtons(body: RichText): RichText {
  return body.flatMap(blocksLeft);
}

function blocksLeft(block: Block): readonly Block[] {
  switch (block.type) {
    case "buttons":
      return [];
    case "list":
      return [{ ...block, items: block.items.map(withoutButtons) }];
    case "quote":
      return [{ ...block, blocks: withoutButtons(block.blocks) }];
    case "paragraph":
    case "code-block":
      return [block];
  }
}
