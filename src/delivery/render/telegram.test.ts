import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyLongRichText } from "../../../test/support/any-rich-text.ts";
import { cpuMsOf } from "../../../test/support/cpu-ms.ts";
import { readTelegramHtml } from "../../../test/support/read-telegram-html.ts";
import { bold, buttons, code, codeBlock, doc, list, p } from "../../core/rich-text/build.ts";
import { layOut } from "../../core/rich-text/lay-out.ts";
import { listButtons } from "../../core/rich-text/list-buttons.ts";
import type { Inline, RichText } from "../../core/rich-text/rich-text.ts";
import { toMarkdown } from "../../core/rich-text/to-markdown.ts";
import { telegramFormat } from "./telegram.ts";

const data = (index: number) => `dlv_x:${index}`;
const render = (...blocks: RichText) => telegramFormat.render(blocks, data);
const htmlOf = (...blocks: RichText) => render(...blocks).map((part) => part.formatted);
const textsOf = (...blocks: RichText) =>
  htmlOf(...blocks).map((html) => readTelegramHtml(html).text);
const link = (url: string, text: string): Inline => ({
  type: "link",
  url,
  inlines: [{ type: "text", text }],
});

describe("telegramFormat", () => {
  test("writes Telegram's tags and escapes everything else", () => {
    expect(
      htmlOf(
        p(
          "1 < 2 & ",
          bold("b ", { type: "italic", inlines: [{ type: "text", text: "i" }] }),
          code("<x>"),
        ),
        p(link('https://a.b/?q="1"&c', "no"), link("https://a.b/?c=1&d", "here")),
        codeBlock("a && b", "ts"),
        codeBlock("plain"),
      ),
    ).toEqual([
      '1 &lt; 2 &amp; <b>b <i>i</i></b><code>&lt;x&gt;</code>\n\nno<a href="https://a.b/?c=1&amp;d">here</a>\n\n' +
        '<pre><code class="language-ts">a &amp;&amp; b</code></pre>\n\n<pre>plain</pre>',
    ]);
  });

  test("flattens quotes and takes code blocks out of them", () => {
    const quote: RichText = [
      { type: "quote", blocks: [p("a"), { type: "quote", blocks: [p("b"), codeBlock("c")] }] },
    ];
    expect(htmlOf(...quote)).toEqual(["<blockquote>a\n\nb</blockquote>\n\n<pre>c</pre>"]);
  });

  test("nests no format within code", () => {
    expect(htmlOf(p(bold("a ", code("b")), link("https://a.b", "x")))).toEqual([
      '<b>a </b><code>b</code><a href="https://a.b">x</a>',
    ]);
  });

  test("offers the same as plain text", () => {
    expect(
      render(p(bold("a"), " ", link("https://a.b/c", "here")), codeBlock("x", "ts"))[0]?.plain,
    ).toBe("a here (https://a.b/c)\n\n```\nx\n```");
  });

  test.each([[[]], [[p("")]], [[p(" \n\t ")]], [[p("\u200b\u2060")]], [[list()]]] as RichText[][])(
    "says so when there is nothing to say: %j",
    (body) => {
      expect(render(...body)).toEqual([
        { formatted: "(empty reply)", plain: "(empty reply)", buttons: [] },
      ]);
    },
  );
});

describe("buttons", () => {
  const button = (label: string) => ({ label, command: "/x" });

  test("stand under the last part, at most three in a row, numbered in reading order", () => {
    const parts = render(
      p("a".repeat(5_000)),
      buttons(button("1"), button("2")),
      p("end"),
      buttons(button("3"), button("4")),
    );
    expect(parts.map((part) => part.buttons)).toEqual([
      [],
      [
        [
          { label: "1", data: "dlv_x:0" },
          { label: "2", data: "dlv_x:1" },
          { label: "3", data: "dlv_x:2" },
        ],
        [{ label: "4", data: "dlv_x:3" }],
      ],
    ]);
  });

  test("have a text to stand under, and labels that fit", () => {
    const [part] = render(buttons(button(`${"👩‍👩‍👧".repeat(20)}`), button("  ")));
    expect(part?.formatted).toBe("Choose one:");
    expect(part?.buttons.flat().map(({ label }) => label)).toEqual([
      `${"👩‍👩‍👧".repeat(7)}…`,
      "/x",
    ]);
  });

  test("beyond a hundred are written as text", () => {
    const [part] = render(
      p("x"),
      buttons(...Array.from({ length: 102 }, (_, index) => button(`b${index}`))),
    );
    expect(part?.buttons.flat()).toHaveLength(100);
    expect(part?.plain).toBe("x\n\nb100: /x\n\nb101: /x");
  });
});

describe("splitting", () => {
  const paragraph = (letter: string, length: number) => p(letter.repeat(length));

  test("prefers the border of a paragraph, then of a line, then of a word", () => {
    expect(textsOf(paragraph("a", 3_000), paragraph("b", 2_000))).toEqual([
      "a".repeat(3_000),
      "b".repeat(2_000),
    ]);
    expect(textsOf(p(`${"a".repeat(3_000)}\n${"b".repeat(2_000)}`))).toEqual([
      "a".repeat(3_000),
      "b".repeat(2_000),
    ]);
    expect(textsOf(p(`${"a".repeat(3_000)} ${"b".repeat(2_000)}`))).toEqual([
      "a".repeat(3_000),
      "b".repeat(2_000),
    ]);
  });

  test("closes tags at the end of a part and opens them again in the next", () => {
    const [first, second] = htmlOf(p(bold(`${"a".repeat(3_000)} ${"b".repeat(2_000)}`)));
    expect(first).toBe(`<b>${"a".repeat(3_000)}</b>`);
    expect(second).toBe(`<b>${"b".repeat(2_000)}</b>`);
  });

  test("keeps a code block whole when it fits into a part of its own", () => {
    const block = Array.from({ length: 100 }, (_, index) => `line ${index}`).join("\n");
    expect(htmlOf(paragraph("a", 3_500), codeBlock(block, "ts"))).toEqual([
      "a".repeat(3_500),
      `<pre><code class="language-ts">${block}</code></pre>`,
    ]);
  });

  test("continues a longer code block at a line, indent and language kept", () => {
    const lines = Array.from({ length: 600 }, (_, index) => `    line ${index}`);
    const parts = htmlOf(codeBlock(lines.join("\n"), "py"));
    expect(parts.length).toBeGreaterThan(1);
    const inner = parts.map(
      (part) => /^<pre><code class="language-py">([\s\S]*)<\/code><\/pre>$/.exec(part)?.[1],
    );
    expect(inner.join("\n")).toBe(lines.join("\n"));
  });

  test("cuts no letter in two", () => {
    const family = "👩‍👩‍👧‍👦";
    const parts = textsOf(p(`a${family.repeat(1_000)}`));
    for (const part of parts.slice(1)) expect(part.replaceAll(family, "")).toBe("");
    expect(parts.join("")).toBe(`a${family.repeat(1_000)}`);
  });

  test("cuts a letter that is longer than a message, but no surrogate pair", () => {
    const text = `a${"\u{1d165}".repeat(6_000)}`;
    const parts = textsOf(p(text));
    expect(parts.join("")).toBe(text);
    for (const part of parts) expect(part.isWellFormed()).toBe(true);
  });

  test.each([
    ["escapes", p("&".repeat(20_000))],
    ["bold", p(bold("a".repeat(20_000)))],
    ["code", codeBlock("a < b\n".repeat(3_000), "ts")],
  ])("fills a part with what is read: %s cost nothing", (_, block) => {
    for (const text of textsOf(block).slice(0, -1)) {
      expect(text.length).toBeLessThanOrEqual(4_096);
      expect(text.length).toBeGreaterThan(4_000);
    }
  });

  test.each([
    ["small tags", p(...Array.from({ length: 8_000 }, (_, n) => (n % 2 ? "&" : bold("&"))))],
    [
      "links",
      p(...Array.from({ length: 40 }, (_, n) => link(`https://a.b/${n}${"あ&".repeat(400)}`, "&"))),
    ],
  ])("keeps %s below the bytes that a server takes", (_, block) => {
    const sizes = htmlOf(block).map((html) => Buffer.byteLength(html));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(32_768);
    expect(Math.max(...sizes)).toBeGreaterThan(4_096);
  });

  test("writes out an address too long for a tag", () => {
    const url = `https://a.b/${"x".repeat(4_500)}`;
    expect(
      textsOf(p(link(url, "here")))
        .join("")
        .replace(/\s/g, ""),
    ).toBe(`here(${url})`);
  });

  /** As messages, however many: what is sent when Telegram takes no file. */
  function renderMessages(body: RichText) {
    const parts = telegramFormat.render(body, data);
    const [first] = parts;
    if (first?.file === undefined) return parts;
    expect(parts).toHaveLength(1);
    if (listButtons(body).length === 0) expect(first.file.text).toBe(`${toMarkdown(body)}\n`);
    const beside = telegramFormat.markRepeated(first).formatted;
    expect(readTelegramHtml(beside).text.length).toBeLessThanOrEqual(1_024);
    expect(readTelegramHtml(first.formatted).text).toMatch(/\n\nThe whole text is in the file\.$/);
    const messages = telegramFormat.renderInstead(first, body, data) ?? [];
    expect(messages.length).toBeGreaterThan(10);
    return messages;
  }

  test("loses nothing, keeps the order, breaks no rule of Telegram, whatever the body", () => {
    const squeeze = (text: string) => text.replace(/[\s\p{C}\p{Z}\u3164\u2800]/gu, "");
    fc.assert(
      fc.property(anyLongRichText, (body) => {
        const parts = renderMessages(body);
        for (const part of parts.map(telegramFormat.markRepeated)) {
          expect(readTelegramHtml(part.formatted).text.length).toBeLessThanOrEqual(4_096);
          expect(Buffer.byteLength(part.formatted)).toBeLessThanOrEqual(32_768);
          expect(part.plain.length).toBeLessThanOrEqual(4_096);
          expect(part.formatted.isWellFormed()).toBe(true);
          expect(readTelegramHtml(part.formatted).text.trim()).not.toBe("");
        }
        const said = parts.map((part) => readTelegramHtml(part.formatted).text).join("");
        const meant = layOut(body, { as: "styled", longestUrl: 1_000 })
          .map((span) => span.text)
          .join("");
        const expected = squeeze(meant);
        // Buttons beyond a hundred follow as text.
        if (expected !== "") expect(squeeze(said).startsWith(expected)).toBe(true);
        if (listButtons(body).length <= 100)
          expect(squeeze(said).length).toBe(expected.length || squeeze(said).length);
      }),
      { numRuns: 100 },
    );
  });

  test.each([
    [
      "prose",
      doc(
        ...Array.from({ length: 1_000 }, () =>
          p(
            "The quick ",
            bold("brown"),
            " fox jumps over the lazy dog, and then & then it does so again and again.",
          ),
        ),
      ),
    ],
    ["one word", doc(p("x".repeat(100_000)))],
    ["letters of many code points", doc(p("e\u0301👩‍👩‍👧".repeat(10_000)))],
    ["code", doc(codeBlock("let a = b && c;\n".repeat(6_250), "ts"))],
  ])("takes little time for 100 KB of %s", (_name, body) => {
    expect(cpuMsOf(() => render(...body))).toBeLessThan(2_000);
  });
});
