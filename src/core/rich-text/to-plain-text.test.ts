import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyRichText } from "../../../test/support/any-rich-text.ts";
import { bold, buttons, code, codeBlock, doc, list, p } from "./build.ts";
import type { Inline, RichText } from "./rich-text.ts";
import { toPlainText } from "./to-plain-text.ts";

const link = (url: string, text: string): Inline => ({
  type: "link",
  url,
  inlines: [{ type: "text", text }],
});

describe("toPlainText", () => {
  test("keeps paragraphs apart and drops emphasis", () => {
    expect(toPlainText(doc(p("Done: ", bold("all"), " of ", code("it")), p("Bye")))).toBe(
      "Done: all of it\n\nBye",
    );
  });

  test("writes the address of a link behind its text, once", () => {
    expect(toPlainText(doc(p(link("https://a.b/c", "here"))))).toBe("here (https://a.b/c)");
    expect(toPlainText(doc(p(link("https://a.b/c", "https://a.b/c"))))).toBe("https://a.b/c");
    expect(toPlainText(doc(p(link("mailto:a@b.c", "a@b.c"))))).toBe("a@b.c");
    expect(toPlainText(doc(p(link("javascript:alert(1)", "here"))))).toBe("here");
  });

  test("writes buttons as lines of label and command", () => {
    const body = doc(
      p("Running:"),
      buttons({ label: "Cancel it", command: "/cancel x" }, { label: "All", command: "/tasks" }),
    );
    expect(toPlainText(body)).toBe("Running:\n\nCancel it: /cancel x\nAll: /tasks");
  });

  test("fences code with more backticks than it holds", () => {
    expect(toPlainText(doc(codeBlock("a\n```\nb", "md")))).toBe("````md\na\n```\nb\n````");
  });

  test("indents what belongs to a list item or a quote", () => {
    const nested: RichText = [
      list(doc(p("one\nmore"), list(p("inner"))), p("two")),
      { type: "list", ordered: true, items: [[p("first")], [p("second"), codeBlock("x")]] },
      { type: "quote", blocks: [p("said"), p("again")] },
    ];
    expect(toPlainText(nested)).toBe(
      "• one\n  more\n  • inner\n• two\n\n1. first\n2. second\n   ```\n   x\n   ```\n\n> said\n>\n> again",
    );
  });

  test("lets no control character, terminal escape or half character through", () => {
    expect(toPlainText(doc(p("a\u001b[31mb\u0000c\r\nd\ud800e\u0085f")))).toBe(
      "a[31mbc\nd\ufffdef",
    );
  });

  test("any body becomes clean text that neither begins nor ends with an empty paragraph", () => {
    fc.assert(
      fc.property(anyRichText, (body) => {
        const text = toPlainText(body);
        expect(text).not.toMatch(/(?![\n\t])\p{Cc}/u);
        expect(text.isWellFormed()).toBe(true);
      }),
    );
  });
});
