import { layOut } from "./lay-out.ts";
import type { RichText } from "./rich-text.ts";

/** The words of `body` as its reader sees them: without marks, fences, addresses of links, and buttons. */
export function toShownText(body: RichText): string {
  return layOut(body, { as: "styled", longestUrl: Number.POSITIVE_INFINITY })
    .map((span) => span.text)
    .join("");
}
