import type { Block, Button, RichText } from "../../core/rich-text/rich-text.ts";

/** The block where nothing can be pressed: its buttons are lines that say what to send instead. */
export function writeButtons(block: Block): RichText {
  switch (block.type) {
    case "buttons":
      return asLines(block.buttons);
    case "list":
      return [{ ...block, items: block.items.map((item) => item.flatMap(writeButtons)) }];
    case "quote":
      return [{ ...block, blocks: block.blocks.flatMap(writeButtons) }];
    case "paragraph":
    case "code-block":
      return [block];
  }
}

export function asLines(buttons: readonly Button[]): RichText {
  return buttons.map(({ label, command }) => ({
    type: "paragraph",
    inlines: [{ type: "text", text: `${label}: ${command}` }],
  }));
}
