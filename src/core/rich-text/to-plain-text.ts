import { layOut } from "./lay-out.ts";
import type { RichText } from "./rich-text.ts";

/** `body` as readable text for a terminal, a log or a reply field: `text (url)`, fenced code, `Label: /command`. */
export function toPlainText(body: RichText): string {
  return layOut(body, { as: "plain", longestUrl: 0 })
    .map((span) => span.text)
    .join("");
}
