import fc from "fast-check";
import { expect, test } from "vitest";
import { cpuMsOf } from "../../../test/support/cpu-ms.ts";
import { withoutSentenceEnd } from "./without-sentence-end.ts";

test.each([
  ["https://a.b/Foo_(bar)", ""],
  ["https://a.b/Foo_(bar)", ")"],
  ["https://a.b/Foo_(bar)", ")."],
  ["https://a.b/Foo_(bar)", ".)"],
  ["https://a.b/(x)/(y)", "))"],
  ["http://[::1]", ")"],
  ["https://a.b/x", "]"],
  ["https://a.b/x", "}, "],
  ["https://a.b/x", "»"],
])("%s ends before %j", (address, end) => {
  expect(withoutSentenceEnd(`${address}${end}`.trimEnd())).toBe(address);
});

test("takes no bracket that was opened around it, and leaves every one that was opened in it", () => {
  const inner = fc.letrec<{ part: string; parts: string }>((tie) => ({
    part: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom("a", "/", "b.c", "x_y", "%20"),
      fc
        .tuple(fc.constantFrom("()", "[]", "{}"), tie("parts"))
        .map(([pair, parts]) => `${pair[0]}${parts}${pair[1]}`),
    ),
    parts: fc.array(tie("part"), { maxLength: 4 }).map((parts) => parts.join("")),
  })).parts;
  const around = fc
    .array(fc.constantFrom(...")]}.,;:!?*"), { maxLength: 5 })
    .map((signs) => signs.join(""));
  fc.assert(
    fc.property(inner, around, (path, end) => {
      const address = `https://a.b/${path}`;
      expect(withoutSentenceEnd(address + end)).toBe(address);
    }),
  );
});

test("is not slowed down by 200,000 brackets", () => {
  const text = `https://a.b/${"(".repeat(1_000)}${")".repeat(200_000)}`;
  expect(cpuMsOf(() => withoutSentenceEnd(text))).toBeLessThan(1_000);
});
