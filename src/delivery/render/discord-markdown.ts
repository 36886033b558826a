import type { SpanStyle } from "../../core/rich-text/span.ts";
import type { Markup, Tag } from "./markup.ts";

/**
 * What Discord would read as markup: emphasis, code, spoilers and links anywhere; headings, lists and quotes at the
 * start of a line; mentions and emoji by name. Digits and letters cannot be escaped there, punctuation always can.
 */
const SPECIAL =
  /[\\*_~`|<[\]]|(?<=^|\s)(?:[#>]|[-+](?=[\s#]|$))|#(?=\d)|(?<=\d)\.(?=\s|$)|:(?=\S)|@(?=[!&]?\d)/g;
/** Told to everybody by its letters alone, whatever stands before it: something invisible keeps them apart. */
const EVERYBODY = /@(?=everyone|here)/gi;
const MAYBE_ESCAPED = new Set([..."\\*_~`|<[]#>-+.:@"].map((one) => one.charCodeAt(0)));
const INVISIBLE = "\u200b";
const NEWLINE = 0x0a;
const BACKTICK = 0x60;

const QUOTE = tag("> ", "");
const BOLD = tag("**", "**");
/** An underscore ends emphasis only where no letter follows. */
const ITALIC = tag("_", `_${INVISIBLE}`);
const CODE = tag("`", "`");
/** In angle brackets an address opens no preview. */
const ADDRESS = tag("<", ">");

/**
 * Discord's markdown, of spans that `layOutForDiscord` made. It counts code points, as Discord does. Code is left as it
 * is: nobody is called by a name that stands in code.
 */
export const DISCORD_MARKDOWN: Markup = {
  tagsOf(style) {
    const inner = style.pre === undefined ? inlineTags(style) : [codeBlockTag(style.pre, style)];
    return style.quote === undefined ? inner : [QUOTE, ...inner];
  },
  escape(style, text) {
    return inQuoteOf(style, style.pre === undefined ? escapeInline(style, text) : escapeCode(text));
  },
  countedLength(style, codeUnit) {
    if (codeUnit >= 0xdc00 && codeUnit <= 0xdfff) return 0;
    if (codeUnit === NEWLINE && style.quote !== undefined) return 3;
    if (style.pre !== undefined) return codeUnit === BACKTICK ? 2 : 1;
    return MAYBE_ESCAPED.has(codeUnit) && !isVerbatim(style) ? 2 : 1;
  },
};

function inlineTags(style: SpanStyle): readonly Tag[] {
  if (style.address !== undefined) return [ADDRESS];
  if (style.code !== undefined) return [CODE];
  return [
    ...(style.link === undefined ? [] : [tag("[", `](<${style.link}>)`)]),
    ...(style.bold === undefined ? [] : [BOLD]),
    ...(style.italic === undefined ? [] : [ITALIC]),
  ];
}

/** Each line of a quote begins with its sign. */
function inQuoteOf(style: SpanStyle, text: string): string {
  return style.quote === undefined ? text : text.replaceAll("\n", `\n${QUOTE.open}`);
}

function escapeInline(style: SpanStyle, text: string): string {
  return isVerbatim(style) ? text : escapeText(text);
}

function isVerbatim({ code, address }: SpanStyle): boolean {
  return code !== undefined || address !== undefined;
}

function escapeText(text: string): string {
  return text.replace(SPECIAL, "\\$&").replace(EVERYBODY, `@${INVISIBLE}`);
}

/** There is one kind of fence, so it can be broken from inside: three backticks are kept apart. */
function escapeCode(code: string): string {
  return code.replace(/``(?=`)/g, `\`\`${INVISIBLE}`);
}

function codeBlockTag(language: string, style: SpanStyle): Tag {
  const name = /^[\w+#.-]{1,32}$/.test(language) ? language : "";
  return tag(inQuoteOf(style, `\`\`\`${name}\n`), inQuoteOf(style, "\n```"));
}

function tag(open: string, close: string): Tag {
  return { open, close, counted: open.length + close.length };
}
