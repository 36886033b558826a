import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { guardArguments } from "./guard-arguments.ts";
import { guardDraft, guardMarkdown, guardText } from "./guard-text.ts";
import { GUARD_MODES, type GuardMode } from "./guardrail.ts";

const CARD = "4111 1111 1111 1111";
const guard = (mode: GuardMode) => ({ mode, values: ["cards", "ibans"] }) as const;

describe("a guardrail", () => {
  test("lets pass, notes, refuses or replaces, as its mode says", () => {
    const text = `It is ${CARD}.`;
    for (const judge of [guardText, guardMarkdown]) {
      expect(judge(guard("disabled"), text)).toEqual({ kind: "pass", text, found: [] });
      expect(judge(guard("observe"), text)).toEqual({ kind: "pass", text, found: ["cards"] });
      expect(judge(guard("block"), text)).toEqual({ kind: "blocked", found: ["cards"] });
      const hidden = { kind: "pass", text: "It is [redacted].", found: ["cards"] };
      expect(judge(guard("redact"), text)).toEqual(hidden);
    }
  });

  test.each(GUARD_MODES)("%s: leaves alone what holds no value", (mode) => {
    const text = "Nothing to see: 12, 2026-11-21, **bold**.";
    expect(guardText(guard(mode), text)).toEqual({ kind: "pass", text, found: [] });
    expect(guardMarkdown(guard(mode), text)).toEqual({ kind: "pass", text, found: [] });
  });
});

describe("a growing answer", () => {
  const values = [
    CARD,
    "DE89 3704 0044 0532 0130 00",
    "**4111**1111**1111**1111",
    "%34111 1111 1111 1111",
  ];

  test.each(["redact", "block"] as const)("%s: never shows a part of a value", (mode) => {
    const words = fc.stringMatching(/^[a-z \n]{0,200}$/);
    fc.assert(
      fc.property(words, fc.constantFrom(...values), words, (before, value, after) => {
        const whole = `${before}\n${value}\n${after}`;
        for (let end = 0; end <= whole.length; end += 1) {
          const shown = guardDraft(guard(mode), whole.slice(0, end));
          expect(shown.replaceAll("redacted", "")).not.toMatch(/\d/);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("is shown as it grows, its end excepted, and whole when nothing is hidden", () => {
    const text = "word ".repeat(100);
    expect(guardDraft(guard("redact"), text).length).toBeGreaterThan(400);
    expect(text).toContain(guardDraft(guard("redact"), text));
    for (const mode of ["disabled", "observe"] as const) {
      expect(guardDraft(guard(mode), `${CARD} ${text}`)).toBe(`${CARD} ${text}`);
    }
  });

  test("shows nothing once it holds what blocks it", () => {
    expect(guardDraft(guard("block"), `${CARD} ${"word ".repeat(100)}`)).toBe("");
  });
});

describe("the arguments of a call", () => {
  const input = {
    to: ["a@b.example"],
    body: { text: `no. ${CARD}`, n: 4111111111111111, ok: true, none: null },
  };

  test("are replaced wherever a value stands in them", () => {
    expect(guardArguments(guard("redact"), input)).toEqual({
      kind: "pass",
      input: {
        to: ["a@b.example"],
        body: { text: "no. [redacted]", n: "[redacted]", ok: true, none: null },
      },
      found: ["cards"],
    });
    const url = { url: `https://x.example/?q=${encodeURIComponent(CARD)}`, [CARD]: 1 };
    expect(JSON.stringify(guardArguments(guard("redact"), url))).not.toContain("1111");
  });

  test("are refused, noted or left alone by the other modes", () => {
    expect(guardArguments(guard("block"), input)).toEqual({ kind: "blocked", found: ["cards"] });
    expect(guardArguments(guard("observe"), input)).toEqual({
      kind: "pass",
      input,
      found: ["cards"],
    });
    expect(guardArguments(guard("disabled"), input)).toEqual({ kind: "pass", input, found: [] });
  });

  test("stay as they are when replaced already: an approval still fits its call", () => {
    const once = guardArguments(guard("redact"), input);
    if (once.kind !== "pass") throw new Error("It must pass.");
    expect(guardArguments(guard("redact"), once.input)).toEqual({ ...once, found: [] });
  });
});
