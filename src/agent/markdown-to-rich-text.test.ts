import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyRichText, anyText } from "../../test/support/any-rich-text.ts";
import { cpuMsOf } from "../../test/support/cpu-ms.ts";
import { bold, buttons, code, codeBlock, doc, list, p } from "../core/rich-text/build.ts";
import type { Inline, RichText } from "../core/rich-text/rich-text.ts";
import { toMarkdown } from "../core/rich-text/to-markdown.ts";
import { toPlainText } from "../core/rich-text/to-plain-text.ts";
import { markdownToRichText } from "./markdown-to-rich-text.ts";

const link = (url: string, text: string): Inline => ({
  type: "link",
  url,
  inlines: [{ type: "text", text }],
});
const plain = (markdown: string) => toPlainText(markdownToRichText(markdown));

describe("markdownToRichText", () => {
  test("reads emphasis, code, links and breaks", () => {
    expect(markdownToRichText("**a** *b* `c` [d](https://e.f)\\\ng")).toEqual(
      doc(
        p(
          bold("a"),
          " ",
          { type: "italic", inlines: [{ type: "text", text: "b" }] },
          " ",
          code("c"),
          " ",
          link("https://e.f", "d"),
          "\n",
          "g",
        ),
      ),
    );
  });

  test("makes a heading bold, a rule a line, and keeps HTML as text", () => {
    expect(markdownToRichText("# Hi *you*\n\n---\n\n<b>x</b> <script>\n")).toEqual(
      doc(
        p(bold("Hi ", { type: "italic", inlines: [{ type: "text", text: "you" }] })),
        p("———"),
        p("<b>", "x", "</b>", " ", "<script>"),
      ),
    );
  });

  test("keeps code with its language", () => {
    expect(markdownToRichText("```ts\nlet a = 1;\n```")).toEqual(
      doc(codeBlock("let a = 1;", "ts")),
    );
  });

  test("keeps nested lists and quotes", () => {
    expect(markdownToRichText("- a\n  - b\n- c\n\n> q\n> > r")).toEqual(
      doc(list(doc(p("a"), list(p("b"))), p("c")), {
        type: "quote",
        blocks: [p("q"), { type: "quote", blocks: [p("r")] }],
      }),
    );
  });

  test("shows task lists, strikethrough, images and footnotes as text people read", () => {
    expect(plain("- [x] done\n- [ ] open")).toBe("• ☑ done\n• ☐ open");
    expect(plain("~~old~~ new")).toBe("~~old~~ new");
    expect(plain("![a cat](https://a.b/cat.png)")).toBe("a cat (https://a.b/cat.png)");
    expect(plain("so[^1]\n\n[^1]: because")).toBe("so[1]\n\n[1] because");
  });

  test("keeps the numbers of a list that does not begin at one", () => {
    expect(plain("3. c\n4. d")).toBe("3. c\n\n4. d");
  });

  test("aligns the columns of a table", () => {
    expect(
      markdownToRichText("| Name | Count |\n|:--|--:|\n| ab | 7 |\n| 日本 | 1234567 |"),
    ).toEqual(doc(codeBlock("Name |   Count\n-----|--------\nab   |       7\n日本 | 1234567")));
  });

  test("resolves references and keeps definitions nobody refers to", () => {
    expect(plain("[a][x]\n\n[x]: https://a.b\n[y]: https://c.d")).toBe(
      "a (https://a.b)\n\n[y]: https://c.d",
    );
  });

  test.each([
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "vbscript:x",
    "//evil",
    "command:rm",
    "JaVaScRiPt:x",
  ])("takes the link from %s and leaves its text", (url) => {
    expect(markdownToRichText(`[x](${url})`)).toEqual(doc(p("x")));
  });
});

describe("command links", () => {
  test("become buttons after their paragraph", () => {
    expect(markdownToRichText("You can [list them](command:/tasks) now.\n\nBye")).toEqual(
      doc(
        p("You can ", "list them", " now."),
        buttons({ label: "list them", command: "/tasks" }),
        p("Bye"),
      ),
    );
  });

  test("take blanks as they are and percent-encoded, but no line break", () => {
    const command = (markdown: string) => markdownToRichText(markdown);
    expect(command('[Do](command:/task foo "bar" (baz))')).toEqual(
      doc(buttons({ label: "Do", command: '/task foo "bar" (baz)' })),
    );
    expect(command("[Do](command:/task%20foo%25)")).toEqual(
      doc(buttons({ label: "Do", command: "/task foo%" })),
    );
    expect(command("[Do](command:/task%0Afoo)")).toEqual(doc(p("Do")));
    expect(command("[Do](command:/task%zz)")).toEqual(
      doc(buttons({ label: "Do", command: "/task%zz" })),
    );
  });

  test("of one paragraph stand in one row", () => {
    expect(markdownToRichText("[A](command:/a) | [B](command:/b)")).toEqual(
      doc(buttons({ label: "A", command: "/a" }, { label: "B", command: "/b" })),
    );
  });

  test("within a list leave their labels in it", () => {
    expect(markdownToRichText("- [A](command:/a x)\n- [B](command:/b)")).toEqual(
      doc(
        list(p("A"), p("B")),
        buttons({ label: "A", command: "/a x" }, { label: "B", command: "/b" }),
      ),
    );
  });

  test("within code are code", () => {
    expect(markdownToRichText("`[Do](command:/task a b)`")).toEqual(
      doc(p(code("[Do](command:/task a b)"))),
    );
    expect(markdownToRichText("    [Do](command:/task a b)")).toEqual(
      doc(codeBlock("[Do](command:/task a b)")),
    );
  });
});

describe("hostile markdown", () => {
  test.each([
    ["quotes", ">".repeat(20_000)],
    ["lists", "- ".repeat(20_000)],
    ["emphasis", `${"*a **b ".repeat(3_000)}${" b** a*".repeat(3_000)}`],
    ["images", `${"![".repeat(5_000)}${"](x)".repeat(5_000)}`],
    ["strikes", "~a~".repeat(10_000)],
    [
      "indented lists",
      Array.from({ length: 300 }, (_, depth) => `${" ".repeat(depth * 2)}- a`).join("\n"),
    ],
    ["a megabyte", "**a** b\n\n".repeat(120_000)],
  ])("%s is read in linear time, and as it stands", (_name, markdown) => {
    let text = "";
    expect(cpuMsOf(() => (text = plain(markdown)))).toBeLessThan(4_000);
    expect(text.replace(/\s/g, "")).toBe(markdown.replace(/\s/g, ""));
  });

  test("nests no deeper than a body may", () => {
    const depthOf = (value: unknown): number =>
      typeof value === "object" && value !== null
        ? 1 + Math.max(0, ...Object.values(value).map(depthOf))
        : 0;
    expect(
      depthOf(markdownToRichText(`${"> ".repeat(30)}${"*a ".repeat(40)}x${" a*".repeat(40)}`)),
    ).toBeLessThan(80);
  });

  test("never throws and loses no letter, whatever the text", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const letters = (value: string) => value.toWellFormed().replace(/[^\p{L}]/gu, "");
        const read = letters(plain(text));
        // Addresses and code languages may be written differently; letters of the rest stay in order.
        if (!/[[\]`~&:]|www|@/i.test(text)) expect(read).toBe(letters(text));
      }),
      { numRuns: 500 },
    );
  });
});

describe("toMarkdown", () => {
  test("writes what markdownToRichText reads", () => {
    const body: RichText = [
      p(
        "a ",
        bold("b"),
        " ",
        { type: "italic", inlines: [{ type: "text", text: "c" }] },
        " ",
        code("`d`"),
        " ",
        link("https://e.f/?a=1&copy=2", "g"),
      ),
      codeBlock("x\n```\ny", "ts"),
      list(doc(p("one"), list(p("two"))), doc(p("three"), codeBlock("z"))),
      { type: "quote", blocks: [p("said"), p("again")] },
      buttons(
        { label: "Do [it]", command: '/task (a) 100% "b" & c' },
        { label: "B", command: "/b" },
      ),
    ];
    expect(markdownToRichText(toMarkdown(body))).toEqual(body);
  });

  test.each([
    "# no",
    "- no",
    "1. no",
    "> no",
    "a\n===",
    "    code",
    "\tcode",
    "a\n\nb",
    "[x](http://a.b)",
    "<b>x</b>",
    "&amp;",
    "a | b\n--|--",
    "***",
    "~~x~~",
    "a\\",
    "+ x",
    "12) x",
    ":-\n",
    "[^1]: x",
    "`x`",
    "_x_ *y*",
    "![x](y)",
    "  a",
    "---",
  ])("plain text %j never becomes markup", (text) => {
    const read = markdownToRichText(toMarkdown(doc(p(text))));
    expect(read).toHaveLength(1);
    expect(read[0]?.type).toBe("paragraph");
    expect(toPlainText(read).trim()).toBe(text.trim());
  });

  test.each([
    ["see http://e.example/a_b_c now", "http://e.example/a_b_c"],
    ["(http://e.example/*x*~y~?a=1&copy=2).", "http://e.example/*x*~y~?a=1&copy=2"],
    ["“https://e.example/a”, he said", "https://e.example/a"],
    ["http://e.example/y> b", "http://e.example/y"],
    ["http://e.example/wiki/A_(b)", "http://e.example/wiki/A_(b)"],
    ["see www.e.example/_a_b_", "http://www.e.example/_a_b"],
    ["http://e.example/a|b\\c", "http://e.example/a|b\\c"],
  ])("the address in %j stays whole", (text, url) => {
    const read = markdownToRichText(toMarkdown(doc(p(text))));
    const inlines = read.flatMap((block) => (block.type === "paragraph" ? block.inlines : []));
    expect(inlines.flatMap((inline) => (inline.type === "link" ? [inline.url] : []))).toEqual([
      url,
    ]);
    const words = inlines.flatMap((inline) => (inline.type === "link" ? inline.inlines : [inline]));
    expect(words.map((inline) => (inline.type === "text" ? inline.text : "?")).join("")).toBe(text);
  });

  test("any plain text comes back as one paragraph of plain text", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const body = doc(p(text));
        const read = markdownToRichText(toMarkdown(body));
        const squeeze = (value: string) => value.replace(/\s+/g, "");
        expect(squeeze(toPlainText(read))).toBe(squeeze(toPlainText(body)));
        if (/:\/\/|www|@/i.test(text)) return;
        for (const block of read) {
          expect(block.type).toBe("paragraph");
          if (block.type === "paragraph")
            expect(new Set(block.inlines.map(({ type }) => type))).toEqual(new Set(["text"]));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("never throws, and its buttons are read back", () => {
    fc.assert(
      fc.property(anyRichText, (body) => {
        toMarkdown(body);
      }),
    );
  });
});
