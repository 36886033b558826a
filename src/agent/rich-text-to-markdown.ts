import type { Block, Inline, RichText } from "../core/rich-text/rich-text.ts";

/** What we once said, as Markdown for a model to read. Buttons are left out: the model cannot press them. */
export function richTextToMarkdown(body: RichText): string {
  return body
    .map(writeBlock)
    .filter((text) => text !== "")
    .join("\n\n");
}

function writeBlock(block: Block): string {
  switch (block.type) {
    case "paragraph":
      return writeInlines(block.inlines);
    case "code-block":
      return `\`\`\`${block.language}\n${block.code}\n\`\`\``;
    case "list":
      return block.items
        .map(
          (item, index) =>
            `${block.ordered ? `${index + 1}.` : "-"} ${indent(richTextToMarkdown(item))}`,
        )
        .join("\n");
    case "quote":
      return richTextToMarkdown(block.blocks).replace(/^/gmu, "> ");
    case "buttons":
      return "";
  }
}

function writeInlines(inlines: readonly Inline[]): string {
  return inlines.map(writeInline).join("");
}

function writeInline(inline: Inline): string {
  switch (inline.type) {
    case "text":
      return inline.text;
    case "bold":
      return `**${writeInlines(inline.inlines)}**`;
    case "italic":
      return `*${writeInlines(inline.inlines)}*`;
    case "code":
      return `\`${inline.code}\``;
    case "link":
      return `[${writeInlines(inline.inlines)}](${inline.url})`;
  }
}

function indent(text: string): string {
  return text.replaceAll("\n", "\n  ");
}
