import fc from "fast-check";
import { expect, test } from "vitest";
import { anyRichText } from "../../../test/support/any-rich-text.ts";
import { textOfRichText } from "../../../test/support/text-of-rich-text.ts";
import { bold, buttons, code, codeBlock, doc, list, p } from "../../core/rich-text/build.ts";
import type { Inline, RichText } from "../../core/rich-text/rich-text.ts";
import { toPlainText } from "../../core/rich-text/to-plain-text.ts";
import { emailFormat } from "./email.ts";

const render = (body: RichText) => emailFormat.render(body, () => "");
const link = (url: string, ...inlines: Inline[]): Inline => ({ type: "link", url, inlines });

test("writes HTML and text, with every address and every button in sight", () => {
  const body = doc(
    p("1 < 2 & ", bold("b"), " ", code("<x>"), "\n", link("https://a.b/?c=1&d", bold("here"))),
    p(link("https://a.b", { type: "text", text: "a.b" }), link("javascript:x", bold("no"))),
    codeBlock("a && b", "ts"),
    list(p("one"), p("שלום")),
    { type: "quote", blocks: [p("said")] },
    buttons({ label: "Yes", command: "/task yes" }),
  );
  expect(render(body)).toEqual([
    {
      formatted: [
        '<p dir="auto">1 &lt; 2 &amp; <b>b</b> <code>&lt;x&gt;</code><br>',
        '<a href="https://a.b/?c=1&amp;d"><b>here</b></a> (https://a.b/?c=1&amp;d)</p>',
        '<p dir="auto"><a href="https://a.b">a.b</a><b>no</b></p>',
        '<pre dir="ltr"><code class="language-ts">a &amp;&amp; b</code></pre>',
        '<ul><li dir="auto"><p dir="auto">one</p></li>',
        '<li dir="auto"><p dir="auto">שלום</p></li></ul>',
        '<blockquote dir="auto"><p dir="auto">said</p></blockquote>',
        '<p dir="auto">Yes: <code>/task yes</code></p>',
      ].join("\n"),
      plain: toPlainText(body),
      buttons: [],
    },
  ]);
});

test("keeps the spaces of a paragraph, and holds nothing that is no character", () => {
  const body = doc(p(bold("  a"), "  b\n\tc ", code(" d"), "\n", bold(" e"), "\ufffe\u{1ffff}f"));
  expect(render(body)[0]?.formatted.replaceAll("\u00a0", "~")).toBe(
    '<p dir="auto"><b>~~a</b>~ b<br>\n~~~~c <code> d</code><br>\n<b>~e</b>\ufffd\ufffdf</p>',
  );
});

test.each([[[]], [[p("")]], [[p(" \u200b")]]] as RichText[][])(
  "says so when there is nothing to say: %j",
  (body) => {
    expect(render(body)).toEqual([
      { formatted: "(empty reply)", plain: "(empty reply)", buttons: [] },
    ]);
  },
);

test("marks a repeat in both", () => {
  expect(render(doc(p("x"))).map(emailFormat.markRepeated)).toEqual([
    {
      formatted: '<p>(may be a repeat)</p>\n<p dir="auto">x</p>',
      plain: "(may be a repeat)\nx",
      buttons: [],
    },
  ]);
});

test("loses nothing, keeps the order, closes every tag and loads nothing, whatever the body", () => {
  const squeeze = (text: string) => text.replace(/\s/g, "");
  fc.assert(
    fc.property(anyRichText, (body) => {
      const [part, ...more] = render(body);
      expect(more).toEqual([]);
      if (part === undefined || part.plain === "(empty reply)") return;
      expect(part.formatted.isWellFormed()).toBe(true);
      expect(part.formatted).not.toMatch(/\p{Noncharacter_Code_Point}/u);
      expect(squeeze(readHtml(part.formatted))).toBe(
        squeeze(textOfRichText(body).replace(/\p{Noncharacter_Code_Point}/gu, "\ufffd")),
      );
    }),
    { numRuns: 300 },
  );
});

const ALLOWED =
  /^(?:(?:p|li|blockquote) dir="auto"|pre dir="ltr"|code(?: class="language-[\w+#.-]+")?|b|i|ul|ol|a href="[^"<>]*")$/;
const CHARACTERS: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"' };

/** The text of the HTML; throws at a tag that is not closed, or that we never write. */
function readHtml(html: string): string {
  const open: string[] = [];
  const text = html.replace(/<(\/?)([^<>]*)>/g, (_, slash: string, tag: string) => {
    const name = tag.split(" ")[0] ?? "";
    if (slash === "/") expect(open.pop()).toBe(name);
    else if (tag !== "br") {
      expect(tag).toMatch(ALLOWED);
      open.push(name);
    }
    return "";
  });
  expect(open).toEqual([]);
  expect(text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;|quot;)/);
  return text.replace(/&(\w+);/g, (_, name: string) => CHARACTERS[name] ?? "");
}
