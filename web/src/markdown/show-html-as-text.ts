import type { Html, Paragraph, Root, RootContent, Text } from "mdast";

type Parent = { children: RootContent[] };

/** A remark plugin: HTML in an answer is shown as it was written, and never becomes elements of the page. */
export function showHtmlAsText() {
  return (root: Root): void => rewrite(root, true);
}

function rewrite(parent: Parent, holdsBlocks: boolean): void {
  parent.children = parent.children.map((child) => {
    if (child.type === "html") return holdsBlocks ? paragraphOf(child) : textOf(child);
    if ("children" in child) rewrite(child as Parent, BLOCK_PARENTS.has(child.type));
    return child;
  });
}

const BLOCK_PARENTS: ReadonlySet<string> = new Set([
  "blockquote",
  "listItem",
  "footnoteDefinition",
]);

function textOf(html: Html): Text {
  return { type: "text", value: html.value };
}

function paragraphOf(html: Html): Paragraph {
  return { type: "paragraph", children: [textOf(html)] };
}
