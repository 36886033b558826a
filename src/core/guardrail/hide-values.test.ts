import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cpuMsOf } from "../../../test/support/cpu-ms.ts";
import { GUARDED_VALUES, type GuardedValue, nameValues } from "./guardrail.ts";
import { hideValues, hideValuesInMarkdown } from "./hide-values.ts";

const VALUES: readonly (readonly [GuardedValue, string])[] = [
  ["secrets", "sk-abcdefghijklmnopqrstuvwx"],
  ["secrets", "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----"],
  ["cards", "4111 1111 1111 1111"],
  ["ibans", "DE89 3704 0044 0532 0130 00"],
  ["ssns", "078-05-1120"],
  ["emails", "eve.adams+x@mail.example.org"],
  ["phones", "+49 (30) 1234-5678"],
];

describe("values", () => {
  test.each(VALUES)("%s: %s is hidden, and what stands around it stays", (value, text) => {
    const { text: hidden, found } = hideValues(`Take ${text}, please.`, [value]);
    expect(hidden).toBe("Take [redacted], please.");
    expect(found).toEqual([value]);
  });

  test.each(VALUES)("%s: %s stays where it is not looked for", (value, text) => {
    const others = GUARDED_VALUES.filter((one) => one !== value);
    expect(hideValues(text, others)).toEqual({ text, found: [] });
  });

  test.each(["2026-11-21 17:35", "1-800-555", "a@b", "12+34", "000-12-3456", "v1.2.3-4"])(
    "%s is none",
    (text) => expect(hideValues(text, GUARDED_VALUES)).toEqual({ text, found: [] }),
  );

  test("are hidden though invisible signs, a URL or markup part them", () => {
    const card = "4111111111111111";
    const veiled = [
      [...card].join("\u200b"),
      encodeURIComponent("4111 1111 1111 1111"),
      [...card].map((digit) => `%3${digit}`).join(""),
      [...card].map((digit) => `%253${digit}`).join(""),
    ];
    for (const text of veiled) {
      expect(hideValues(`n=${text}&x`, ["cards"]).text, text).toBe("n=[redacted]&x");
    }
    const marked = [
      "**4111** 1111 *1111* 1111",
      "4111&#32;1111&#x20;1111 1111",
      "41`1111111111`1111",
    ];
    for (const text of marked) {
      const { text: hidden, found } = hideValuesInMarkdown(`It is ${text}.`, ["cards"]);
      expect(found, text).toEqual(["cards"]);
      expect(hidden.replaceAll(/\D/g, ""), text).toBe("");
    }
  });

  test.each(VALUES)(
    "%s: %s is hidden at the beginning of a line that stands in JSON",
    (value, text) => {
      for (const between of "\n\t\r")
        expect(hideValues(JSON.stringify(`Take${between}${text}`), [value]).found).toEqual([value]);
    },
  );

  test("are hidden in any text, and a second pass changes nothing", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 30 });
    const value = fc.constantFrom(...VALUES.map(([, one]) => one));
    fc.assert(
      fc.property(fc.array(fc.tuple(text, value), { maxLength: 4 }), text, (pieces, end) => {
        const whole = `${pieces.map(([before, one]) => `${before} ${one}\n`).join("")}${end}`;
        const once = hideValues(whole, GUARDED_VALUES).text;
        for (const [, one] of pieces) expect(once).not.toContain(one);
        expect(hideValues(once, GUARDED_VALUES).text).toBe(once);
      }),
    );
  });

  test("of a text that wants to be slow are looked for in no time", () => {
    const slow = [
      "1 ",
      "1111 ",
      "4",
      "DE89",
      "DE89 ",
      "a@",
      "a@a.",
      "+1 ",
      "+1()",
      "%31",
      "1*",
      "-",
      "\u200b1",
      "123-45-",
    ];
    for (const piece of slow) {
      const text = piece.repeat(200_000 / piece.length);
      const tookMs = cpuMsOf(() => hideValuesInMarkdown(text, GUARDED_VALUES));
      // A pattern that is not linear takes minutes here.
      expect(tookMs, JSON.stringify(piece)).toBeLessThan(3_000);
    }
  });
});

test("are named for people", () => {
  expect(nameValues(["cards"])).toBe("a card number");
  expect(nameValues(["secrets", "cards", "phones"])).toBe(
    "a key or password, a card number and a phone number",
  );
});
