import type { Block, Button, Inline, RichText } from "./rich-text.ts";

/** Builders for replies in code: `doc(p("Done: ", code(id)), buttons(...))`. Strings stand for plain text. */
type Piece = Inline | string;

const inline = (piece: Piece): Inline =>
  typeof piece === "string" ? { type: "text", text: piece } : piece;

export const doc = (...blocks: readonly Block[]): RichText => blocks;
export const p = (...pieces: readonly Piece[]): Block => ({
  type: "paragraph",
  inlines: pieces.map(inline),
});
export const bold = (...pieces: readonly Piece[]): Inline => ({
  type: "bold",
  inlines: pieces.map(inline),
});
export const code = (text: string): Inline => ({ type: "code", code: text });
export const codeBlock = (text: string, language = ""): Block => ({
  type: "code-block",
  language,
  code: text,
});
export const list = (...items: readonly (Block | RichText)[]): Block => ({
  type: "list",
  ordered: false,
  items: items.map((item) => ("type" in item ? [item] : item)),
});
export const buttons = (...all: readonly Button[]): Block => ({ type: "buttons", buttons: all });
