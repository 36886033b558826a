import type { SpanStyle } from "../../core/rich-text/span.ts";
import type { Markup } from "./markup.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};
/** A Bot API server takes 32 KB of text with its tags: eight bytes for each unit that may be read. */
const BYTES_PER_UNIT = 8;

/**
 * https://core.telegram.org/bots/api#html-style: quotes do not nest, code holds nothing, links not each other. Counted is
 * what is read, as Telegram does: no escape and no tag, but what stands for a tag in plain text, and what keeps the whole
 * below the bytes that are taken. An escape has at most five of those.
 */
export const TELEGRAM_HTML: Markup = {
  tagsOf(style) {
    if (style.pre !== undefined) return [codeBlockTag(style.pre)];
    return [
      ...(style.quote === undefined ? [] : [tag("blockquote")]),
      ...(style.link === undefined ? [] : [linkTag(style.link)]),
      ...emphasisOf(style),
    ];
  },
  escape: (_style, text) => text.replace(/[&<>]/g, toEntity),
  countedLength: () => 1,
};

function emphasisOf(style: SpanStyle) {
  if (style.code !== undefined) return [tag("code")];
  return [
    ...(style.bold === undefined ? [] : [tag("b")]),
    ...(style.italic === undefined ? [] : [tag("i")]),
  ];
}

function tag(name: string, attribute = "", inPlain = "") {
  const open = `<${name}${attribute}>`;
  const close = `</${name}>`;
  const bytes = Buffer.byteLength(open + close);
  return { open, close, counted: Math.max(inPlain.length, bytes / BYTES_PER_UNIT) };
}

function linkTag(url: string) {
  return tag("a", ` href="${url.replace(/[&<>"]/g, toEntity)}"`, linkInPlain(url));
}

function codeBlockTag(language: string) {
  const pre = tag("pre", "", fenceInPlain(""));
  if (!/^[\w+#.-]{1,32}$/.test(language)) return pre;
  const code = tag("code", ` class="language-${language}"`);
  return {
    open: pre.open + code.open,
    close: code.close + pre.close,
    counted: pre.counted + code.counted,
  };
}

/** What stands in plain text for the tags of a link, and of a code block. */
export function linkInPlain(url: string): string {
  return ` (${url})`;
}

export function fenceInPlain(text: string): string {
  return `\`\`\`\n${text}\n\`\`\``;
}

function toEntity(character: string): string {
  return ENTITIES[character] ?? character;
}
