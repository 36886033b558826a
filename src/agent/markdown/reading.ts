import type { Definition, Nodes } from "mdast";
import type { Button } from "../../core/rich-text/rich-text.ts";
import { showBlanks } from "./command-links.ts";

/** What the conversion of one text carries along. */
export interface Reading {
  readonly definitions: ReadonlyMap<string, Definition>;
  /** Identifiers of definitions that something referred to. */
  readonly used: Set<string>;
  /** Collected since the last top-level block began. */
  readonly buttons: Button[];
  /** Undoes `hideBlanks`. */
  text(value: string): string;
  /** A node as it stood in the source. */
  sourceOf(node: Nodes): string;
}

/** Deeper than this a text is shown as it was written. */
export const DEEPEST = 12;

export function startReading(markdown: string, blank: string, root: Nodes): Reading {
  const definitions = new Map<string, Definition>();
  const waiting: Nodes[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.type === "definition" && !definitions.has(node.identifier))
      definitions.set(node.identifier, node);
    if ("children" in node) waiting.push(...node.children.toReversed());
  }
  return {
    definitions,
    used: new Set(),
    buttons: [],
    text: (value) => showBlanks(value, blank),
    sourceOf: (node) =>
      showBlanks(
        markdown.slice(node.position?.start.offset ?? 0, node.position?.end.offset ?? 0),
        blank,
      ),
  };
}
