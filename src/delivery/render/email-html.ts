import { isAddressOf } from "../../core/rich-text/lay-out-inlines.ts";
import type { Block, Inline, RichText } from "../../core/rich-text/rich-text.ts";
import { isSafeUrl } from "../../core/rich-text/safe-url.ts";
import { cleanText } from "../../core/rich-text/span.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

const NO_BREAK = "\u00a0";

/** `body` as a fragment of HTML that loads nothing: no image, no style, no script; addresses are written out. */
export function writeEmailHtml(body: RichText): string {
  return body.map(writeBlock).join("\n");
}

/** What is no character is shown as such: HTML may not hold it, and left out it would join what it parts. */
export function escapeHtml(text: string): string {
  return cleanText(text)
    .replace(/\p{Noncharacter_Code_Point}/gu, "\ufffd")
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}

/** `dir="auto"`: each block is read in the direction of its own first letter. */
function writeBlock(block: Block): string {
  switch (block.type) {
    case "paragraph":
      return `<p dir="auto">${keepSpaces(writeInlines(block.inlines, false))}</p>`;
    case "code-block":
      return `<pre dir="ltr"><code${languageClass(block.language)}>${escapeHtml(block.code)}</code></pre>`;
    case "list": {
      const items = block.items.map((item) => `<li dir="auto">${writeEmailHtml(item)}</li>`);
      return block.ordered ? `<ol>${items.join("\n")}</ol>` : `<ul>${items.join("\n")}</ul>`;
    }
    case "quote":
      return `<blockquote dir="auto">${writeEmailHtml(block.blocks)}</blockquote>`;
    case "buttons":
      return block.buttons
        .map(
          ({ label, command }) =>
            `<p dir="auto">${escapeHtml(label)}: <code>${escapeHtml(command)}</code></p>`,
        )
        .join("\n");
  }
}

/** As CommonMark names it: a program that colours code looks for this class. */
function languageClass(language: string): string {
  return /^[\w+#.-]{1,32}$/.test(language) ? ` class="language-${language}"` : "";
}

function writeInlines(inlines: readonly Inline[], isInLink: boolean): string {
  return inlines.map((inline) => writeInline(inline, isInLink)).join("");
}

function writeInline(inline: Inline, isInLink: boolean): string {
  switch (inline.type) {
    case "text":
      return escapeHtml(inline.text).replaceAll("\t", "    ").replaceAll("\n", "<br>\n");
    case "bold":
      return `<b>${writeInlines(inline.inlines, isInLink)}</b>`;
    case "italic":
      return `<i>${writeInlines(inline.inlines, isInLink)}</i>`;
    case "code":
      return `<code>${escapeHtml(inline.code)}</code>`;
    case "link":
      return isInLink || !isSafeUrl(inline.url)
        ? writeInlines(inline.inlines, isInLink)
        : writeLink(inline.url, inline.inlines);
  }
}

/** HTML would show a run of spaces as one, and none where a line begins. No tag of ours holds two. */
function keepSpaces(html: string): string {
  return html
    .replace(
      /(^|<br>\n)((?:<[^<>]*>)*)( +)/g,
      (_, start: string, tags: string, run: string) =>
        `${start}${tags}${NO_BREAK.repeat(run.length)}`,
    )
    .replace(/ {2,}/g, (run) => `${NO_BREAK.repeat(run.length - 1)} `);
}

/** Where a link goes is shown, so that nobody has to trust its label. */
function writeLink(url: string, inlines: readonly Inline[]): string {
  const label = writeInlines(inlines, true);
  const address = escapeHtml(url);
  const text = label.replace(/<[^>]*>/g, "").trim();
  if (text === "") return `<a href="${address}">${address}</a>`;
  const link = `<a href="${address}">${label}</a>`;
  return isAddressOf(address, text) ? link : `${link} (${address})`;
}
