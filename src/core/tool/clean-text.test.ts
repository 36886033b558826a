import { expect, test } from "vitest";
import { cleanText, showUnseen } from "./clean-text.ts";

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

test("what nobody sees is written out for whoever decides, and JSON keeps its value", () => {
  const value = {
    body: "Pay \u202e001 ruoe\u202c to B\u200bob\u{e0041}\u0085",
    name: "❤️ 👨‍👩‍👧 5️⃣\tx\n",
  };
  const shown = showUnseen(JSON.stringify(value));
  expect(shown).toContain("Pay \\u202e001 ruoe\\u202c to B\\u200bob\\udb40\\udc41\\u0085");
  expect(shown).toContain("❤️ 👨‍👩‍👧 5️⃣");
  expect(JSON.parse(shown)).toEqual(value);
  expect(showUnseen("a\u200db\ufe0f")).toBe("a\\u200db\\ufe0f");
});
