import { expect, test } from "vitest";
import { createRedactor, MASK } from "./redact.ts";
import { redactRichText } from "./redact-rich-text.ts";
import { layOut } from "./rich-text/lay-out.ts";
import type { Block, Inline, RichText } from "./rich-text/rich-text.ts";
import { toMarkdown } from "./rich-text/to-markdown.ts";
import { toPlainText } from "./rich-text/to-plain-text.ts";

const SECRET = "canary-1234-abcdef";
const redactor = createRedactor([SECRET]);
const text = (words: string): Inline => ({ type: "text", text: words });
const paragraph = (...inlines: Inline[]): Block => ({ type: "paragraph", inlines });

/** `body` as each kind of channel shows it. */
function shownAs(body: RichText): readonly string[] {
  const styled = layOut(body, { as: "styled", longestUrl: 1_000 });
  const page = toMarkdown(body).replaceAll(/[*_`\\]/g, "");
  return [styled.map((span) => span.text).join(""), toPlainText(body), page];
}

const SPLIT: readonly (readonly [how: string, body: RichText])[] = [
  [
    "bold",
    [paragraph(text("x canary-"), { type: "bold", inlines: [text("1234")] }, text("-abcdef y"))],
  ],
  ["code", [paragraph({ type: "code", code: "canary-12" }, text("34-abcdef"))]],
  ["nested formats in a list", [list([paragraph(text("canary-1234"), italic(bold("-abcdef")))])]],
  [
    "a link",
    [
      paragraph(
        { type: "link", url: "https://a.example", inlines: [text("canary-")] },
        text("1234-abcdef"),
      ),
    ],
  ],
  ["a control character", [paragraph(text("canary\u0000-1234\u0007-abcdef"))]],
  [
    "a control character in code",
    [{ type: "code-block", language: "", code: "canary-\u00071234-abcdef" }],
  ],
];

function list(...items: RichText[]): Block {
  return { type: "list", ordered: false, items };
}
function bold(words: string): Inline {
  return { type: "bold", inlines: [text(words)] };
}
function italic(inner: Inline): Inline {
  return { type: "italic", inlines: [inner] };
}

test.each(SPLIT)("a secret that %s splits is masked as it would be shown", (_how, body) => {
  const before = shownAs(body);
  expect(before.some((shown) => shown.includes(SECRET))).toBe(true);
  for (const shown of shownAs(redactRichText(body, redactor))) {
    expect(shown).not.toContain(SECRET);
    expect(shown).toContain(MASK.replaceAll(/[[\]]/g, ""));
  }
});

test("masks a whole secret wherever a body can hold one, and keeps its formats", () => {
  const url = `https://a.example/?token=${SECRET}`;
  const body: RichText = [
    paragraph({ type: "link", url, inlines: [bold("here")] }),
    { type: "code-block", language: SECRET, code: SECRET },
    { type: "quote", blocks: [paragraph(text(SECRET))] },
    { type: "buttons", buttons: [{ label: SECRET, command: `/task ${SECRET}` }] },
  ];
  const clean = redactRichText(body, redactor);
  expect(JSON.stringify(clean)).not.toContain(SECRET);
  expect(clean.map((block) => block.type)).toEqual(["paragraph", "code-block", "quote", "buttons"]);
  expect(clean[0]).toMatchObject({ inlines: [{ type: "link", inlines: [bold("here")] }] });
});

test("keeps the buttons of a body that loses its formats", () => {
  const buttons: Block = { type: "buttons", buttons: [{ label: "Stop", command: "/cancel" }] };
  const body = [paragraph(text("canary-"), bold("1234-abcdef")), buttons];
  expect(redactRichText(body, redactor)).toEqual([paragraph(text(MASK)), buttons]);
});

test("gives the very body back when there is nothing to hide", () => {
  const body: RichText = [paragraph(text("12:30 "), bold("canary-"), text("1234"))];
  expect(redactRichText(body, redactor)).toBe(body);
});

test("finds what is shaped like a secret across markup", () => {
  const body = [paragraph(bold("Authorization: Bearer"), text(" abcdefghijklmnop"))];
  expect(toPlainText(redactRichText(body, redactor))).toBe(`Authorization: Bearer ${MASK}`);
});
