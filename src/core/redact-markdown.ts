import type { Redactor } from "./redact.ts";

/** What disappears when Markdown is shown. `_` is left: within a word it is no markup, and secrets hold it. */
const MARKUP = /\[(?!redacted\])|\]\([^()\s]{0,2048}\)|[*`~\\]/g;

/** `markdown` without secrets, also such as only its rendering would show whole (`12**34**`): then it loses its markup. */
export function redactMarkdown(markdown: string, { redact }: Pick<Redactor, "redact">): string {
  const clean = redact(markdown);
  const shown = clean.replace(MARKUP, "");
  const cleanShown = redact(shown);
  return cleanShown === shown ? clean : cleanShown;
}
