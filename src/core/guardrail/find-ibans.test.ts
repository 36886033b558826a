import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findIbans } from "./find-ibans.ts";

/** Examples of the registry of IBANs. */
const IBANS = [
  "DE89370400440532013000",
  "GB29NWBK60161331926819",
  "NO9386011117947",
  "FR1420041010050500013M02606",
  "MT84MALT011000012345MTLCAST001S",
  "CH9300762011623852957",
  "LC55HEMM000100010012001200023015",
];

const numbersIn = (text: string): string[] =>
  findIbans(text).map(({ start, end }) => text.slice(start, end).replaceAll(/[^A-Za-z0-9]/g, ""));
const inFours = (iban: string) => iban.replaceAll(/(.{4})(?=.)/g, "$1 ");

describe("a bank account number is found", () => {
  test.each(IBANS)("%s, plain, in groups, in small letters and in a sentence", (iban) => {
    for (const written of [iban, inFours(iban), inFours(iban).replaceAll(" ", "-")]) {
      expect(numbersIn(`Send it to ${written} please.`), written).toEqual([iban]);
      expect(numbersIn(`iban=${written}&x=1`), written).toEqual([iban]);
      expect(numbersIn(written.toLowerCase()), written).toEqual([iban.toLowerCase()]);
    }
  });

  test("right behind another", () => {
    expect(numbersIn(IBANS.map(inFours).join(" "))).toEqual(IBANS);
  });
});

test.each([
  ["with wrong check digits", "DE88370400440532013000"],
  ["too short", "DE8937040044053201300"],
  ["too long", "DE893704004405320130001"],
  ["of no country that has any", "US89370400440532013000"],
  ["within a longer word", "xDE89370400440532013000"],
])("no bank account number is what is %s", (_what, text) => {
  expect(findIbans(text)).toEqual([]);
});

test("a number of which any one sign is another is none", () => {
  const [iban = ""] = IBANS;
  fc.assert(
    fc.property(fc.nat({ max: iban.length - 1 }), fc.stringMatching(/^\d$/), (at, digit) => {
      const other = iban.slice(0, at) + digit + iban.slice(at + 1);
      expect(findIbans(other)).toHaveLength(other === iban ? 1 : 0);
    }),
  );
});
