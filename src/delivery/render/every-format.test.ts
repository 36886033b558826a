import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cpuMsOf } from "../../../test/support/cpu-ms.ts";
import { readDiscordMarkdown } from "../../../test/support/read-discord-markdown.ts";
import { readTelegramHtml } from "../../../test/support/read-telegram-html.ts";
import { bold, code, codeBlock, doc, p } from "../../core/rich-text/build.ts";
import type { Block, RichText } from "../../core/rich-text/rich-text.ts";
import type { ChannelFormat } from "../ports.ts";
import { discordFormat } from "./discord.ts";
import { emailFormat } from "./email.ts";
import { createPlainFormat } from "./plain.ts";
import { telegramFormat } from "./telegram.ts";

interface Channel {
  readonly format: ChannelFormat;
  readonly lengthOf: (formatted: string) => number;
  readonly limit: number;
  read(formatted: string): string;
}

const SPLIT: readonly (readonly [string, Channel])[] = [
  [
    "Telegram",
    {
      format: telegramFormat,
      lengthOf: (html) => readTelegramHtml(html).text.length,
      limit: 4_096,
      read: (html) => readTelegramHtml(html).text,
    },
  ],
  [
    "Discord",
    {
      format: discordFormat,
      lengthOf: (markdown) => [...markdown].length,
      limit: 2_000,
      read: (markdown) => readDiscordMarkdown(markdown).text,
    },
  ],
  [
    "plain text",
    {
      format: createPlainFormat({ limit: 500 }),
      lengthOf: (text) => text.length,
      limit: 500,
      read: (text) => text,
    },
  ],
];
const EVERY: readonly (readonly [string, ChannelFormat])[] = [
  ...SPLIT.map(([name, { format }]) => [name, format] as const),
  ["e-mail", emailFormat],
];

/** Its messages, however many. */
function renderMessages(format: ChannelFormat, body: RichText): readonly string[] {
  const parts = format.render(body, () => "");
  const [first] = parts;
  if (first?.file === undefined) return parts.map((part) => part.formatted);
  return (format.renderInstead(first, body, () => "") ?? []).map((part) => part.formatted);
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const countLetters = (text: string) => [...graphemes.segment(text)].length;

/** Letters as people write them, of one code point and of many. */
const anyLetter = fc.oneof(
  fc.constantFrom(..."aé猫ß", "e\u0301", "a\u0323\u0307", "각", "각", "நி", "क्षि", "ที่"),
  fc.constantFrom("😀", "👍🏽", "👩‍👩‍👧‍👦", "❤️‍🔥", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🇩🇪", "🇯🇵", "1️⃣"),
  fc.constantFrom("ש", "שָׁ", "م", "مُ", "𝔘", "𐍈", "𒀀", "\u{20bb7}"),
);
const anyLetters = fc
  .array(fc.tuple(anyLetter, fc.integer({ min: 1, max: 900 })), { minLength: 1, maxLength: 12 })
  .map((runs) => runs.map(([letter, times]) => letter.repeat(times)).join(""));

describe.each(SPLIT)("%s", (_, { format, read, lengthOf, limit }) => {
  test("cuts no letter of any script in two, nor a flag, nor a family", () => {
    fc.assert(
      fc.property(anyLetters, fc.boolean(), (letters, isCode) => {
        const body: RichText = isCode ? [codeBlock(letters)] : [p(bold(letters))];
        const parts = renderMessages(format, body).map(read);
        const said = parts.map((part) => part.replace(/[\s`\u200b]/g, ""));
        expect(said.join("")).toBe(letters.replace(/[\s`]/g, ""));
        const apart = said.reduce((sum, part) => sum + countLetters(part), 0);
        expect(apart).toBe(countLetters(letters));
      }),
      { numRuns: 100 },
    );
  });

  test("carries a table over messages row by row, each within the limit", () => {
    const rows = Array.from({ length: 400 }, (_, n) => `| row ${n} | ${"x".repeat(n % 40)} |`);
    const parts = renderMessages(format, doc(p("Before"), codeBlock(rows.join("\n")), p("after")));
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts) expect(lengthOf(part)).toBeLessThanOrEqual(limit);
    const said = parts.flatMap((part) => read(part).split("\n"));
    expect(said.filter((line) => line.startsWith("| row"))).toEqual(rows);
  });
});

/** As deep as the reader of a model's markdown ever goes, and much deeper. */
function nested(depth: number, wrap: (body: RichText) => Block): RichText {
  let body: RichText = [p("deep")];
  for (let n = 0; n < depth; n += 1) body = [p(`${n}`), wrap(body)];
  return body;
}

const HARD: readonly (readonly [string, RichText])[] = [
  ["one word", doc(p("x".repeat(100_000)))],
  ["combining marks alone", doc(p("\u0301".repeat(50_000)))],
  ["flags", doc(p("🇩🇪".repeat(12_000)))],
  ["joiners", doc(p("👩\u200d".repeat(25_000)))],
  ["right to left", doc(p("שלום עולם. ".repeat(5_000)))],
  ["what must be escaped", doc(p("*_<&>`|~[](@#:.-".repeat(6_000)))],
  ["fences in a fence", doc(codeBlock("```ts\n````\n".repeat(10_000), "md"))],
  ["backticks", doc(p(code("`".repeat(100_000))), codeBlock("`".repeat(100_000)))],
  ["white space", doc(p(`a${" \n\t".repeat(33_000)}b`))],
  ["empty lines", doc(p(`a${"\n".repeat(100_000)}b`), p(bold(`a${"\n".repeat(50_000)}b`)))],
  ["blanks in bold", doc(p(bold(`a${" ".repeat(100_000)}b`)))],
  ["controls", doc(p("\u0000\u0007\u001b[31m\u009b\ud800\r".repeat(15_000)))],
  ["addresses", doc(p("see https://a.b/c?d=(e)&f_g).,:; ".repeat(3_000)))],
  ["an address without an end", doc(p(`https://${"a".repeat(100_000)}`))],
  ["small pieces", doc(p(...Array.from({ length: 50_000 }, (_, n) => (n % 2 ? "a" : bold("b")))))],
  ["lists in lists", nested(300, (body) => ({ type: "list", ordered: true, items: [body] }))],
  ["quotes in quotes", nested(300, (blocks) => ({ type: "quote", blocks }))],
];

describe.each(EVERY)("%s takes little time for 100 KB of", (_, format) => {
  test.each(HARD)("%s", (_, body) => {
    let parts: readonly string[] = [];
    const tookMs = cpuMsOf(() => {
      parts = format.render(body, () => "").map((part) => part.formatted);
    });
    expect(tookMs).toBeLessThan(1_000);
    for (const part of parts) {
      expect(part.isWellFormed()).toBe(true);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
      expect(part).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    }
  });
});
