import { describe, expect, it } from "vitest";
import { hasVisibleText, storableText } from "./storable-text.ts";

describe("storable text", () => {
  it("has no NUL and no half character", () => {
    expect(storableText("a\u0000b\ud800c")).toBe("a\uFFFDb\uFFFDc");
    expect(storableText("Grüße 👩‍👩‍👧 -123")).toBe("Grüße 👩‍👩‍👧 -123");
  });

  it.each(["", " \n\t", "\u200b\u2060", "\u0000\u0007", "\u00a0\u3000", "\u3164\u2800\u034f"])(
    "sees nothing in %j",
    (text) => {
      expect(hasVisibleText(storableText(text))).toBe(false);
    },
  );

  it.each([".", "x", "👍", "\u200bx", "…"])("sees something in %j", (text) => {
    expect(hasVisibleText(text)).toBe(true);
  });
});
