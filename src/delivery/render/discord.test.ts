import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyLongRichText, anyRichText } from "../../../test/support/any-rich-text.ts";
import { readDiscordMarkdown } from "../../../test/support/read-discord-markdown.ts";
import { textOfRichText } from "../../../test/support/text-of-rich-text.ts";
import { bold, buttons, code, codeBlock, list, p } from "../../core/rich-text/build.ts";
import { isAddressOf } from "../../core/rich-text/lay-out-inlines.ts";
import { listButtons } from "../../core/rich-text/list-buttons.ts";
import type { Inline, RichText } from "../../core/rich-text/rich-text.ts";
import { toMarkdown } from "../../core/rich-text/to-markdown.ts";
import { discordFormat } from "./discord.ts";

const render = (...blocks: RichText) => discordFormat.render(blocks, () => "");
const markdownOf = (...blocks: RichText) => render(...blocks).map((part) => part.formatted);
const readOf = (...blocks: RichText) =>
  markdownOf(...blocks).map((part) => readDiscordMarkdown(part).text);
const italic = (...inlines: Inline[]): Inline => ({ type: "italic", inlines });
const link = (url: string, ...inlines: Inline[]): Inline => ({ type: "link", url, inlines });
const text = (value: string): Inline => ({ type: "text", text: value });
/** Discord counts code points. */
const lengthOf = (markdown: string) => [...markdown].length;

test("writes Discord's markdown", () => {
  expect(
    markdownOf(
      p("a ", bold("b ", italic(text("i"))), italic(text("c")), "d ", code("let x_y")),
      list(p("one"), p("two")),
      { type: "list", ordered: true, items: [[p("first")]] },
      { type: "quote", blocks: [p("said\nmore"), p("end")] },
      codeBlock("a && b\n`c`", "ts"),
      buttons({ label: "Yes", command: "/task yes" }),
    ),
  ).toEqual([
    [
      "a **b _i_\u200b**_c_\u200bd `let x_y`",
      "• one\n• two",
      "1\\. first",
      "> said\n> more\n> \n> end",
      "```ts\na && b\n`c`\n```",
      "Yes: /task yes",
    ].join("\n\n"),
  ]);
});

test.each([
  "# no heading",
  "- no list\n1. none\n  * none",
  "> no quote\n>>> none",
  "-# no small print",
  "**no bold** __none__ *none* _none_ ~~none~~ ||none||",
  "`no code` ```none```",
  "[no](https://a.b) [link](<https://a.b>)",
  ":no_emoji: <:none:1> <a:none:1>",
  "<t:1> </none:1> <id:browse>",
  "back\\slash \\* ¯\\_(ツ)_/¯",
  "1.5 of 2. well-known #5 12:30 a > b",
])("reads as it was written: %s", (written) => {
  expect(readOf(p(written)).join("")).toBe(written);
  const [read = ""] = readOf(p(bold(written)), p("x", italic(text(written)), "y"));
  expect(read.replaceAll("\u200b", "")).toBe(`${written}\n\nx${written}y`);
});

test.each(["@everyone", "@here", "@Everyone", "<@1>", "<@!1>", "<@&1>", "<#1>"])(
  "calls nobody by %s, however it comes",
  (name) => {
    const bodies: readonly RichText[] = [
      [p(name)],
      [p(name.slice(0, 2), name.slice(2))],
      [p(bold(name), italic(text(name)))],
      [{ type: "quote", blocks: [p(name)] }],
      [p(link("https://a.b", text(name)))],
      [buttons({ label: name, command: "/x" })],
    ];
    for (const body of bodies) {
      const [markdown = ""] = markdownOf(...body);
      expect(markdown.replace(/(?<!\\)\\<#/g, "")).not.toMatch(/@(?:everyone|here)|<[@#][!&]?\d/i);
      expect(readDiscordMarkdown(markdown).text.replaceAll("\u200b", "")).toContain(name);
    }
    const [url = ""] = markdownOf(p(link(`https://a.b/${name}`, text("here"))));
    expect(url).not.toMatch(/@(?:everyone|here)/i);
  },
);

describe("a link", () => {
  test.each([
    ["a name", "here", "[here](<https://a.b/c_d>)"],
    ["its own address", "https://a.b/c_d", "<https://a.b/c_d>"],
    ["another address", "https://bank.example", "<https://bank.example> (<https://a.b/c_d>)"],
    ["another place", "bank.example", "bank.example (<https://a.b/c_d>)"],
    [
      "a place in wide letters",
      "ｂａｎｋ．ｅｘａｍｐｌｅ",
      "ｂａｎｋ．ｅｘａｍｐｌｅ (<https://a.b/c_d>)",
    ],
    ["a place hidden in a name", "bank\u200b.example", "bank\u200b.example (<https://a.b/c_d>)"],
    ["what ends a label", "a] [b", "a\\] \\[b (<https://a.b/c_d>)"],
    ["nothing", " ", " <https://a.b/c_d>"],
    ["nothing to see", "\u200b", "\u200b (<https://a.b/c_d>)"],
  ])("under %s", (_, label, markdown) => {
    expect(markdownOf(p("x", link("https://a.b/c_d", text(label))))).toEqual([`x${markdown}`]);
  });

  test("leads where it says, whatever its address holds", () => {
    const [markdown = ""] = markdownOf(p(link("https://a.b/(c)_*d*)\\", bold("here")), "."));
    expect(readDiscordMarkdown(markdown)).toEqual({
      text: "here.",
      links: [{ url: "https://a.b/%28c%29_*d*%29%5C", end: 4 }],
    });
  });

  test("beside another one stays apart", () => {
    const [markdown = ""] = markdownOf(
      p(link("https://a.b", text("one")), link("https://c.d", text("two"))),
    );
    expect(readDiscordMarkdown(markdown).links.map(({ url }) => url)).toEqual([
      "https://a.b",
      "https://c.d",
    ]);
  });

  test("keeps its own brackets and leaves the sentence those around it", () => {
    const address = "https://a.b/Foo_(bar)";
    expect(
      markdownOf(
        p(link(address, text("Foo.bar")), ` (see ${address}), [${address}] (${address}.)`),
      ),
    ).toEqual([`Foo.bar (<${address}>) (see <${address}>), \\[<${address}>\\] (<${address}>.)`]);
    expect(markdownOf(p(link("https://a.b/x)", text("Foo.bar"))))).toEqual([
      "Foo.bar (<https://a.b/x)>)",
    ]);
  });

  test("in a text opens no preview, and leaves the sentence its full stop", () => {
    expect(markdownOf(p("See https://a.b/c_d. (Or ", bold("https://e.f/(g)"), ")"))).toEqual([
      "See <https://a.b/c_d>. (Or <https://e.f/(g)>)",
    ]);
  });
});

test("code in a quote stays in it, also where it goes on in the next message", () => {
  const quote = (...blocks: RichText): RichText[number] => ({ type: "quote", blocks });
  expect(
    markdownOf(p("a"), quote(p("said"), codeBlock("x\n\n> y", "ts"), p("end")), p("b")),
  ).toEqual(["a\n\n> said\n> \n> ```ts\n> x\n> \n> > y\n> ```\n> \n> end\n\nb"]);
  expect(markdownOf(quote(list([p("c"), codeBlock("x")])), codeBlock("y"))).toEqual([
    "> • c\n> ```\n> x\n> ```\n\n```\ny\n```",
  ]);
  const parts = markdownOf(quote(codeBlock("line\n".repeat(1_000), "py")));
  expect(parts.length).toBeGreaterThan(1);
  for (const part of parts) expect(part).toMatch(/^> ```py\n(?:> line\n)+> ```$/);
});

test("code cannot end its own fence, nor a span of code itself", () => {
  expect(readOf(codeBlock("a\n```\nb ````` c"), p(code("a`b"), code("c")))).toEqual([
    "a\n``\u200b`\nb ``\u200b``\u200b` c\n\na`bc",
  ]);
});

test.each([[[]], [[p("")]], [[p(" \u200b")]]] as RichText[][])(
  "says so when there is nothing to say: %j",
  (body) => {
    expect(render(...body)).toEqual([
      { formatted: "(empty reply)", plain: "(empty reply)", buttons: [] },
    ]);
  },
);

test("a fence goes on in the next message, in its language", () => {
  const lines = Array.from({ length: 300 }, (_, n) => `    line ${n}`);
  const parts = markdownOf(codeBlock(lines.join("\n"), "py"));
  expect(parts.length).toBeGreaterThan(1);
  const inner = parts.map((part) => /^```py\n([\s\S]*)\n```$/.exec(part)?.[1]);
  expect(inner.join("\n")).toBe(lines.join("\n"));
});

test("an address is not cut in two where it fits into the next message", () => {
  const address = `https://a.b/${"c".repeat(300)}`;
  const parts = markdownOf(p("w".repeat(1_900), " ", address, " end"));
  expect(parts).toEqual(["w".repeat(1_900), `<${address}> end`]);
  const glued = markdownOf(p("日".repeat(1_900), address));
  expect(glued).toEqual(["日".repeat(1_900), `<${address}>`]);
});

test("counts as Discord does: a letter beyond the first plane is one", () => {
  const parts = markdownOf(p("😀".repeat(3_000)));
  expect(parts.map(lengthOf)).toEqual([2_000 - "(may be a repeat)\n".length, 1_018]);
});

describe("whatever the body", () => {
  const squeeze = (value: string) => value.replace(/[\s\p{C}\p{Z}\u3164\u2800]/gu, "");
  const bullet = (isOrdered: boolean, index: number) => (isOrdered ? `${index + 1}.` : "•");

  /** As messages, however many: what is sent when no file is taken. */
  function renderMessages(body: RichText) {
    const parts = render(...body);
    const [first] = parts;
    if (first?.file === undefined) return parts;
    expect(parts).toHaveLength(1);
    if (listButtons(body).length === 0) expect(first.file.text).toBe(`${toMarkdown(body)}\n`);
    expect(lengthOf(discordFormat.markRepeated(first).formatted)).toBeLessThanOrEqual(2_000);
    readDiscordMarkdown(first.formatted);
    return discordFormat.renderInstead(first, body, () => "") ?? [];
  }

  /** The text of `parts` is exactly `meant`; of a link that was split each half may name the address. */
  function expectSaid(parts: readonly string[], meant: string): void {
    let rest = meant;
    const take = (said: string) => {
      expect(rest.slice(0, said.length)).toBe(said);
      rest = rest.slice(said.length);
    };
    for (const { text: all, links } of parts.map(readDiscordMarkdown)) {
      let done = 0;
      for (const { url, end } of links) {
        take(squeeze(all.slice(done, end)));
        const address = squeeze(`(${decode(url)})`);
        if (end < all.length || rest.startsWith(address)) take(address);
        done = end;
      }
      take(squeeze(all.slice(done)));
    }
    expect(rest).toBe("");
  }

  const decode = (url: string) =>
    url.replaceAll("%28", "(").replaceAll("%29", ")").replaceAll("%5C", "\\");
  const linkText = (label: string, url: string) =>
    label.trim() === url || (!/^http/i.test(url) && isAddressOf(url, label.trim()))
      ? label
      : `${label}(${decode(url)})`;

  test.each([
    ["short", anyRichText, 300],
    ["long", anyLongRichText, 50],
  ])(
    "nothing is lost, the order is kept, no rule of Discord is broken: %s",
    (_, bodies, numRuns) => {
      fc.assert(
        fc.property(bodies, (body) => {
          const parts = renderMessages(body);
          for (const part of parts) {
            const marked = discordFormat.markRepeated(part).formatted;
            expect(lengthOf(marked)).toBeLessThanOrEqual(2_000);
            expect(marked.isWellFormed()).toBe(true);
            expect(part.formatted.trim()).not.toBe("");
          }
          const meant = squeeze(textOfRichText(body, { bullet, link: linkText }));
          if (meant === "") expect(render(...body)[0]?.formatted).toBe("(empty reply)");
          else
            expectSaid(
              parts.map((part) => part.formatted),
              meant,
            );
        }),
        { numRuns, endOnFailure: true },
      );
    },
    60_000,
  );
});
