import { expect, test } from "vitest";
import { createRedactor, MASK } from "./redact.ts";
import { redactMarkdown } from "./redact-markdown.ts";

const SECRET = "canary_1234-abcdef";
const redactor = createRedactor([SECRET]);

test.each([
  "canary_**1234**-abcdef",
  "canary\\_1234-abcdef",
  "`canary_`1234-*abcdef*",
  "[canary_](https://a.example)~~1234~~-abcdef",
])("a secret that only shows when %s is rendered is masked", (markdown) => {
  expect(redactMarkdown(`Here: ${markdown}.`, redactor)).toBe(`Here: ${MASK}.`);
});

test("keeps the markup when there is nothing to hide, or only what is whole", () => {
  expect(redactMarkdown("**A** `b` [c](d)", redactor)).toBe("**A** `b` [c](d)");
  expect(redactMarkdown(`**A** ${SECRET} Bearer abcdefghijk`, redactor)).toBe(
    `**A** ${MASK} Bearer ${MASK}`,
  );
});
