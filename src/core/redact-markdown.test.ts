import { expect, test } from "vitest";
import { cpuMsOf } from "../../test/support/cpu-ms.ts";
import { createRedactor, MASK } from "./redact.ts";
import { redactMarkdown } from "./redact-markdown.ts";

const SECRET = "canary_1234-abcdef";
const redactor = createRedactor([SECRET]);

test.each([
  "canary_**1234**-abcdef",
  "canary\\_1234-abcdef",
  "`canary_`1234-*abcdef*",
  "[canary_](https://a.example)~~1234~~-abcdef",
  '[canary_](https://a.example "a title, (with \\" quotes)")1234-abcdef',
  "[canary_]( <a b> 'title' )1234-abcdef",
  "[canary_](https://a.example/x_(y) (title))1234-abcdef",
  '![canary_](https://a.example "title")1234-abcdef',
  "canary_[1234][a name]-abcdef",
  "canary_[1234][]-abcdef",
  "canary_[1234][a\\]name]-abcdef",
  "canary_[1234](a\\)(b(c)d))-abcdef",
  "canary_1234-_abcdef_",
  "canary_[1234]-abcdef",
  "can&#97;ry_1234-abcdef",
  "can&#x61;ry_1234-abcdef",
  "canary&lowbar;1234-abcdef",
  '&#99;anary_[1234](a "b")-*abcdef*',
])("a secret that only shows when %s is rendered is masked", (markdown) => {
  expect(redactMarkdown(`Here: ${markdown}.`, redactor)).toBe(`Here: ${MASK}.`);
});

test("keeps the markup when there is nothing to hide, or only what is whole", () => {
  expect(redactMarkdown("**A** `b` [c](d)", redactor)).toBe("**A** `b` [c](d)");
  const more = 'a[0] &amp; &copy; &#0; &#x110000; ![c](d "t") [e][f] [g]';
  expect(redactMarkdown(more, redactor)).toBe(more);
  expect(redactMarkdown(`**A** ${SECRET} Bearer abcdefghijk`, redactor)).toBe(
    `**A** ${MASK} Bearer ${MASK}`,
  );
});

test.each([
  "](",
  "](a ",
  '](a "',
  "](a(",
  "][",
  `](${" ".repeat(63)}`,
  "&#",
  "![",
  "](a\\",
  "](a(b",
  "_",
  "_ ",
])("is not held up by %j again and again", (part) => {
  const text = part.repeat(Math.ceil(65_536 / part.length));
  expect(cpuMsOf(() => redactMarkdown(text, redactor))).toBeLessThan(1_000);
});
