import type { Block, Button, RichText } from "./rich-text.ts";

/** The buttons of a body in reading order; their index is what callback data carries. */
export function listButtons(body: RichText): readonly Button[] {
  return body.flatMap(buttonsOf);
}

function buttonsOf(block: Block): readonly Button[] {
  switch (block.type) {
    case "buttons":
      return block.buttons;
    case "list":
      return block.items.flatMap(listButtons);
    case "quote":
      return listButtons(block.blocks);
    case "paragraph":
    case "code-block":
      return [];
  }
}
