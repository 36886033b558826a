import type { Block, Button, RichText } from "./rich-text.ts";

/** The same words with nothing to press. */
export function withoutButtons(body: RichText): RichText {
  return changeButtons(body, () => undefined);
}

/** The same with each button as `change` makes it; without those of which it makes nothing. */
export function changeButtons(
  body: RichText,
  change: (button: Button) => Button | undefined,
): RichText {
  return body.flatMap((block) => changeBlock(block, change));
}

function changeBlock(
  block: Block,
  change: (button: Button) => Button | undefined,
): readonly Block[] {
  switch (block.type) {
    case "buttons": {
      const buttons = block.buttons.flatMap((button) => change(button) ?? []);
      return buttons.length === 0 ? [] : [{ ...block, buttons }];
    }
    case "list":
      return [{ ...block, items: block.items.map((item) => changeButtons(item, change)) }];
    case "quote":
      return [{ ...block, blocks: changeButtons(block.blocks, change) }];
    case "paragraph":
    case "code-block":
      return [block];
  }
}
