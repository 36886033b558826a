import type { Block, RichText } from "../../core/rich-text/rich-text.ts";

const FENCE = /^ {0,3}(`{3,}|~{3,})[ \t]*([^\s`]*)/;

/** Text as it stands: paragraphs at blank lines, fenced code kept. One pass, whatever the size. */
export function readLiterally(text: string): RichText {
  const blocks: Block[] = [];
  let lines: string[] = [];
  let open: { readonly fence: string; readonly language: string } | undefined;

  function endBlock(): void {
    const content = lines.join("\n");
    lines = [];
    if (open !== undefined)
      blocks.push({ type: "code-block", language: open.language, code: content });
    else if (content.trim() !== "") blocks.push(literalParagraph(content));
    open = undefined;
  }

  for (const line of text.split("\n")) {
    const fence = FENCE.exec(line);
    if (open !== undefined) {
      if (fence?.[1]?.startsWith(open.fence) === true && fence[2] === "") endBlock();
      else lines.push(line);
    } else if (fence?.[1] !== undefined) {
      endBlock();
      open = { fence: fence[1], language: fence[2] ?? "" };
    } else if (line.trim() === "") endBlock();
    else lines.push(line);
  }
  endBlock();
  return blocks;
}

export function literalParagraph(text: string): Block {
  return { type: "paragraph", inlines: [{ type: "text", text }] };
}
