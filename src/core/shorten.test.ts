import fc from "fast-check";
import { expect, test } from "vitest";
import { shorten } from "./shorten.ts";

const count = (text: string) => [...new Intl.Segmenter("en").segment(text)].length;

test("never gets longer than asked, never tears a character, and keeps what fits", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme" }),
      fc.integer({ min: 2, max: 30 }),
      (text, length) => {
        const line = text.replace(/\s+/gu, " ").trim();
        const short = shorten(text, length);
        expect(count(short)).toBeLessThanOrEqual(length);
        expect(short === line).toBe(count(line) <= length);
        if (short !== line) expect(line.startsWith(short.slice(0, -1))).toBe(true);
      },
    ),
  );
});

test("cuts before what may be half of a secret", () => {
  expect(shorten("it is 987654321:AAcanary-Canary-Canary now", 30)).toBe("it is…");
});
