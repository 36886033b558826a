import type { BlockContent, DefinitionContent, List, ListItem, RootContent, Table } from "mdast";
import type { Block, Inline, RichText } from "../../core/rich-text/rich-text.ts";
import { toPlainText } from "../../core/rich-text/to-plain-text.ts";
import { plainTextOf, readInlines } from "./read-inlines.ts";
import { literalParagraph } from "./read-literally.ts";
import { DEEPEST, type Reading } from "./reading.ts";
import { tableToText } from "./table-to-text.ts";

type BlockNode = BlockContent | DefinitionContent | RootContent;

/** Top-level blocks; the buttons found in each follow it, and a paragraph of nothing but buttons gives way to them. */
export function readDocument(nodes: readonly RootContent[], reading: Reading): RichText {
  return nodes.flatMap((node) => {
    const blocks = readBlock(node, reading, 0);
    const buttons = reading.buttons.splice(0);
    if (buttons.length === 0) return blocks;
    const row: Block = { type: "buttons", buttons };
    return isOnlyButtons(node, reading) ? [row] : [...blocks, row];
  });
}

/** Definitions that nothing refers to are text somebody wrote to be read. */
export function readUnusedDefinitions(reading: Reading): RichText {
  return [...reading.definitions.values()]
    .filter((definition) => !reading.used.has(definition.identifier))
    .map((definition) => literalParagraph(reading.sourceOf(definition)));
}

function isOnlyButtons(node: RootContent, reading: Reading): boolean {
  if (node.type !== "paragraph") return false;
  return node.children.every((child) =>
    child.type === "link" || child.type === "linkReference"
      ? isButtonLink(child, reading)
      : child.type === "break" || (child.type === "text" && /^[\s|·•,/-]*$/.test(child.value)),
  );
}

function isButtonLink(node: RootContent, reading: Reading): boolean {
  const probe: Reading = { ...reading, buttons: [] };
  readInlines([node as never], probe);
  return probe.buttons.length > 0;
}

function readBlocks(nodes: readonly BlockNode[], reading: Reading, depth: number): RichText {
  return nodes.flatMap((node) => readBlock(node, reading, depth));
}

function readBlock(node: BlockNode, reading: Reading, depth: number): RichText {
  if (depth >= DEEPEST) return [literalParagraph(reading.sourceOf(node))];
  switch (node.type) {
    case "paragraph":
      return [{ type: "paragraph", inlines: readInlines(node.children, reading) }];
    case "heading":
      return [
        {
          type: "paragraph",
          inlines: [{ type: "bold", inlines: readInlines(node.children, reading) }],
        },
      ];
    case "code":
      return [
        {
          type: "code-block",
          language: reading.text(node.lang ?? ""),
          code: reading.text(node.value),
        },
      ];
    case "html":
      return [literalParagraph(reading.text(node.value))];
    case "thematicBreak":
      return [literalParagraph("———")];
    case "blockquote":
      return [{ type: "quote", blocks: readBlocks(node.children, reading, depth + 1) }];
    case "list":
      return readList(node, reading, depth);
    case "table":
      return [readTable(node, reading)];
    case "footnoteDefinition":
      return withLead(
        `[${node.label ?? node.identifier}] `,
        readBlocks(node.children, reading, depth + 1),
      );
    case "definition":
      return [];
    default:
      return [literalParagraph(reading.text(plainTextOf(node)))];
  }
}

/** A list that does not begin at 1 keeps its numbers as text: ours always count from 1. */
function readList(node: List, reading: Reading, depth: number): RichText {
  const items = node.children.map((item) => readItem(item, reading, depth + 1));
  const first = node.start ?? 1;
  if (node.ordered !== true || first === 1)
    return [{ type: "list", ordered: node.ordered === true, items }];
  return items.flatMap((item, index) => withLead(`${first + index}. `, item));
}

function readItem(item: ListItem, reading: Reading, depth: number): RichText {
  const blocks = readBlocks(item.children, reading, depth);
  if (typeof item.checked !== "boolean") return blocks;
  return withLead(item.checked ? "☑ " : "☐ ", blocks);
}

function withLead(lead: string, blocks: RichText): RichText {
  const [first, ...others] = blocks;
  const leadInline: Inline = { type: "text", text: lead };
  if (first?.type !== "paragraph") return [literalParagraph(lead.trimEnd()), ...blocks];
  return [{ type: "paragraph", inlines: [leadInline, ...first.inlines] }, ...others];
}

function readTable(node: Table, reading: Reading): Block {
  const rows = node.children.map((row) =>
    row.children.map((cell) => {
      const inlines = readInlines(cell.children, reading);
      return toPlainText([{ type: "paragraph", inlines }]).replace(/\s*\n\s*/g, " ");
    }),
  );
  return { type: "code-block", language: "", code: tableToText(rows, node.align ?? []) };
}
