import fc from "fast-check";
import { expect, test } from "vitest";
import { textColumns } from "./text-columns.ts";
import { wrapText } from "./wrap-text.ts";

test("breaks between words, never within one", () => {
  expect(wrapText("one two three four", 9)).toBe("one two\nthree\nfour");
  expect(wrapText("a longwordthatdoesnotfit b", 8)).toBe("a\nlongwordthatdoesnotfit\nb");
  expect(wrapText("fits as it is", 80)).toBe("fits as it is");
});

test("what follows a bullet or a quote stands below its own beginning", () => {
  expect(wrapText("• one two three\n  10. four five six", 12)).toBe(
    "• one two\n  three\n  10. four\n      five\n      six",
  );
  expect(wrapText("> one two three\n> > four five six", 10)).toBe(
    "> one two\n> three\n> > four\n> > five\n> > six",
  );
});

test("code stays as it was written, also within a quote, and text after it is wrapped again", () => {
  const code = "```ts\nconst answer = 42;\n```";
  expect(wrapText(`${code}\none two three`, 8)).toBe(`${code}\none two\nthree`);
  const quoted = "> ````\n> ``` is no end of it\n> ````";
  expect(wrapText(quoted, 8)).toBe(quoted);
});

test("a command stays whole, so that it can be copied", () => {
  expect(wrapText("Cancel it now: /cancel task_k3v9qd7m", 16)).toBe(
    "Cancel it now:\n/cancel task_k3v9qd7m",
  );
});

test("counts wide scripts and emoji as the terminal does", () => {
  expect(textColumns("日本 ok")).toBe(7);
  expect(textColumns("👩‍👩‍👧‍👦 🏴‍☠️ é")).toBe(7);
  expect(wrapText("日本 日本 日本", 9)).toBe("日本 日本\n日本");
});

test("loses no word and adds none, at any width", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme" }),
      fc.integer({ min: 1, max: 100 }),
      (text, columns) => {
        const words = (one: string) => one.replaceAll(/[>\s]+/gu, "");
        expect(words(wrapText(text, columns))).toBe(words(text));
      },
    ),
  );
});
