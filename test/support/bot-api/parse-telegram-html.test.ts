import { describe, expect, it } from "vitest";
import { parseTelegramHtml } from "./parse-telegram-html.ts";

describe("parseTelegramHtml", () => {
  it("counts entities in UTF-16 units and decodes references", () => {
    expect(parseTelegramHtml("😀 <b>a &lt; b</b> &amp; <code>x</code> &#33;&nope;")).toEqual({
      text: "😀 a < b & x !&nope;",
      entities: [
        { type: "bold", offset: 3, length: 5 },
        { type: "code", offset: 11, length: 1 },
      ],
    });
  });

  it("joins pre and code into one entity with its language", () => {
    const source = '<pre><code class="language-ts">let a;</code></pre>';
    expect(parseTelegramHtml(source).entities).toEqual([
      { type: "pre", offset: 0, length: 6, language: "ts" },
    ]);
  });

  it("keeps links it can open and drops the format of others", () => {
    const source = '<a href="https://x.org/?a=1&amp;b=2">x</a> <a href="javascript:1">y</a>';
    expect(parseTelegramHtml(source)).toEqual({
      text: "x y",
      entities: [{ type: "text_link", offset: 0, length: 1, url: "https://x.org/?a=1&b=2" }],
    });
  });

  it("strips white space around the text and moves entities with it", () => {
    expect(parseTelegramHtml("  <b> hi </b>\n")).toEqual({
      text: "hi",
      entities: [{ type: "bold", offset: 0, length: 2 }],
    });
  });

  it("keeps the indent of a code block the text begins with", () => {
    expect(parseTelegramHtml("\n<pre>  if\n</pre>\n")).toEqual({
      text: "  if",
      entities: [{ type: "pre", offset: 0, length: 4 }],
    });
  });

  it.each([
    ["a <foo>b</foo>", 'Unsupported start tag "foo" at byte offset 2'],
    ["ä <p>b</p>", 'Unsupported start tag "p" at byte offset 3'],
    ["1 < 2", 'Unsupported start tag "" at byte offset 2'],
    ["<b>x", 'Can\'t find end tag corresponding to start tag "b"'],
    ["x</b>", "Unexpected end tag at byte offset 1"],
    ["<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'],
    ["x <b", "Unclosed start tag at byte offset 2"],
    ['<a href="x>y</a>', "Unclosed start tag at byte offset 0"],
    ["<b>x</b", "Unclosed end tag at byte offset 4"],
    ["<a =x>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'],
    ["<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
  ])("refuses %s", (source, message) => {
    expect(() => parseTelegramHtml(source)).toThrow(message);
  });
});
