import type { Link, LinkReference, Nodes, PhrasingContent } from "mdast";
import type { Inline } from "../../core/rich-text/rich-text.ts";
import { isSafeUrl } from "../../core/rich-text/safe-url.ts";
import { isCommandUrl, readButton } from "./command-links.ts";
import { DEEPEST, type Reading } from "./reading.ts";

/** Inline markdown as inlines. Command links leave their label here and their button in the reading. */
export function readInlines(
  nodes: readonly PhrasingContent[],
  reading: Reading,
  depth = 0,
): Inline[] {
  return nodes.flatMap((node) => readInline(node, reading, depth));
}

function readInline(node: PhrasingContent, reading: Reading, depth: number): Inline[] {
  if (depth >= DEEPEST) return [textInline(reading.text(plainTextOf(node)))];
  switch (node.type) {
    case "text":
    case "html":
      return [textInline(readText(node.value, node.type, reading))];
    case "inlineCode":
      return [{ type: "code", code: reading.text(node.value) }];
    case "break":
      return [textInline("\n")];
    case "strong":
      return [{ type: "bold", inlines: readInlines(node.children, reading, depth + 1) }];
    case "emphasis":
      return [{ type: "italic", inlines: readInlines(node.children, reading, depth + 1) }];
    case "delete":
      return [
        textInline("~~"),
        ...readInlines(node.children, reading, depth + 1),
        textInline("~~"),
      ];
    case "link":
      return readLink(node, node.url, reading, depth);
    case "linkReference":
      return readReference(node, reading, depth);
    case "image":
      return linkTo(node.url, [textInline(node.alt || "image")]);
    case "imageReference":
      return readImageReference(node.identifier, node.alt, reading);
    case "footnoteReference":
      return [textInline(`[${node.label ?? node.identifier}]`)];
  }
}

function readText(value: string, type: "text" | "html", reading: Reading): string {
  return type === "html" && /^<br\s*\/?>$/i.test(value) ? "\n" : reading.text(value);
}

function readLink(
  node: Link | LinkReference,
  url: string,
  reading: Reading,
  depth: number,
): Inline[] {
  const inlines = readInlines(node.children, reading, depth + 1);
  if (!isCommandUrl(url)) return linkTo(url, inlines);
  const button = readButton(reading.text(plainTextOf(node)), reading.text(url));
  if (button === undefined) return inlines;
  reading.buttons.push(button);
  return inlines.length === 0 ? [textInline(button.label)] : inlines;
}

function readReference(node: LinkReference, reading: Reading, depth: number): Inline[] {
  const definition = reading.definitions.get(node.identifier);
  if (definition === undefined) return [textInline(reading.sourceOf(node))];
  reading.used.add(node.identifier);
  return readLink(node, definition.url, reading, depth);
}

function readImageReference(
  identifier: string,
  alt: string | null | undefined,
  reading: Reading,
): Inline[] {
  reading.used.add(identifier);
  return linkTo(reading.definitions.get(identifier)?.url ?? "", [textInline(alt || "image")]);
}

function linkTo(url: string, inlines: readonly Inline[]): Inline[] {
  if (!isSafeUrl(url)) return [...inlines];
  return [{ type: "link", url, inlines: inlines.length === 0 ? [textInline(url)] : inlines }];
}

function textInline(text: string): Inline {
  return { type: "text", text };
}

export function plainTextOf(node: Nodes): string {
  if ("value" in node) return node.value;
  if ("children" in node) return node.children.map(plainTextOf).join("");
  if ("alt" in node) return node.alt ?? "";
  return node.type === "break" ? " " : "";
}
