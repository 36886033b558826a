import type { SpanStyle } from "../../core/rich-text/span.ts";
import type { Markup } from "./markup.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};
const AMPERSAND = 0x26;
const LESS = 0x3c;
const GREATER = 0x3e;

/** https://core.telegram.org/bots/api#html-style: quotes do not nest, code holds nothing, links not each other. */
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
  escapedLength(_style, codeUnit) {
    if (codeUnit === AMPERSAND) return 5;
    return codeUnit === LESS || codeUnit === GREATER ? 4 : 1;
  },
};

function emphasisOf(style: SpanStyle) {
  if (style.code !== undefined) return [tag("code")];
  return [
    ...(style.bold === undefined ? [] : [tag("b")]),
    ...(style.italic === undefined ? [] : [tag("i")]),
  ];
}

function tag(name: string) {
  return { open: `<${name}>`, close: `</${name}>` };
}

function linkTag(url: string) {
  return { open: `<a href="${url.replace(/[&<>"]/g, toEntity)}">`, close: "</a>" };
}

function codeBlockTag(language: string) {
  if (!/^[\w+#.-]{1,32}$/.test(language)) return tag("pre");
  return { open: `<pre><code class="language-${language}">`, close: "</code></pre>" };
}

function toEntity(character: string): string {
  return ENTITIES[character] ?? character;
}
