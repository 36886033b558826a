import fc from "fast-check";
import { expect, test } from "vitest";
import { anyVeiled } from "../../test/support/any-veiled.ts";
import { cpuMsOf } from "../../test/support/cpu-ms.ts";
import { createRedactor, MASK } from "./redact.ts";
import { redactMarkdown } from "./redact-markdown.ts";
import { unveil } from "./veil.ts";
import { withoutOpenWord } from "./without-open-word.ts";

const SECRET = "owner-token-0123456789";
const redactor = createRedactor([SECRET]);
const { redact, suspects } = redactor;

test.each([
  "own\u200ber-token-0123456789",
  "owner-\u00adtoken-0123\u00ad456789",
  "owner-token\u{e0041}-0123\ufe0f456789",
  "owner%2Dtoken%2d0123456789",
  "owner%252Dtoken-0123456789",
  "own%E2%80%8Ber-token-0123456789",
  "%6F%77%6E%65%72%2D%74%6F%6B%65%6E%2D0123456789",
])("a secret is masked as %j", (veiled) => {
  expect(redact(`before ${veiled} after`)).toBe(`before ${MASK} after`);
});

test("a secret that looks veiled itself is masked, veiled once more", () => {
  const other = createRedactor(["ab%41cd%42ef"]);
  for (const text of ["ab%41cd%42ef", "ab%41c\u200bd%42ef", "ab%2541cd%2542ef", "abAcdBef"])
    expect(other.redact(text)).toBe(MASK);
});

test.each([
  ["Bear\u200ber abcdefghijklmnop", `Bearer ${MASK}`],
  ["sk-ant\u00ad-api03-AbCdEfGhIjKlMnOp", MASK],
  [
    "https://a.b/x?next=%2Fc%3Faccess_token%3Dabcdef123456",
    `https://a.b/x?next=%2Fc${"?"}access_token=${MASK}`,
  ],
  ["postgres://agent:hun\u200bter2%40x@db:5432/x", `postgres://agent:${MASK}@db:5432/x`],
])("what is shaped like a secret is masked as %j", (veiled, masked) => {
  expect(redact(veiled)).toBe(masked);
});

test("leaves all else as it stands, veiled or not", () => {
  const text = "👨‍👩‍👧 ❤️ https://a.b/c%20d%2Fe?f=%C3%B6 100% %zz %E2%80 %FF %41";
  expect(redact(text)).toBe(text);
  expect(redact(`${text} own\u200ber-token-0123456789 ${text}`)).toBe(`${text} ${MASK} ${text}`);
});

test("however a known secret is veiled, nobody can read it, and a second pass changes nothing", () => {
  const secrets = fc.string({
    minLength: 6,
    maxLength: 30,
    unit: fc.constantFrom(..."ab1-_./ö😀 "),
  });
  fc.assert(
    fc.property(
      secrets.chain((secret) => fc.tuple(fc.constant(secret), anyVeiled(secret))),
      fc.string({ unit: "binary" }),
      ([secret, veiled], around) => {
        const { redact: hide, suspects: mayHold } = createRedactor([secret]);
        const text = `${around} ${veiled} ${around}`;
        expect(mayHold(text)).toBe(true);
        const clean = hide(text);
        expect(unveil(clean)).not.toContain(secret);
        expect(hide(clean)).toBe(clean);
      },
    ),
    { numRuns: 1_000 },
  );
});

test("a draft that grows never shows half of a veiled secret", () => {
  fc.assert(
    fc.property(anyVeiled(SECRET), fc.nat(), (veiled, cut) => {
      const signs = [...`Here: ${veiled} .`];
      const grown = signs.slice(0, cut % signs.length).join("");
      const shown = redactMarkdown(withoutOpenWord(grown), redactor);
      expect(unveil(shown)).not.toContain(SECRET.slice(0, 6));
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  "own&shy;er-token-0123456789",
  "owner-&ZeroWidthSpace;token-0123456789",
  "own&#8203;er-token-0123456789",
])("Markdown that shows a secret is masked: %s", (markdown) => {
  expect(redactMarkdown(`Here: ${markdown}.`, redactor)).toBe(`Here: ${MASK}.`);
});

test.each([
  ["invisible signs", "\u200b"],
  ["encoded letters", "%41"],
  ["per cents", "%25"],
  ["per cents alone", "%"],
  ["halves of letters", "%E2%80"],
  ["veiled secrets", "own\u200ber-token-0123456789 "],
])("is not slowed down by 200,000 characters of %s", (_name, piece) => {
  const text = piece.repeat(Math.ceil(200_000 / piece.length));
  expect(cpuMsOf(() => [redact(text), suspects(text)])).toBeLessThan(2_000);
});
