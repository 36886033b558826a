import { expect, test } from "vitest";
import { cleanText } from "./clean-text.ts";

test("a stranger's text has nothing invisible left in it, and keeps its lines", () => {
  expect(
    cleanText(
      "Rea\u200bds\u0007 \u202eit\u2069\r\nall\u{e0041}\u{e0020}\u001b[31m\tnow\u0000",
      100,
    ),
  ).toBe("Reads it\nall\tnow");
});

test("a stranger's text is cut, and half a letter is not left", () => {
  expect(cleanText("x".repeat(11), 10)).toBe(`${"x".repeat(10)}…`);
  expect(cleanText("12345678😀", 9)).toBe("12345678\uFFFD…");
});
