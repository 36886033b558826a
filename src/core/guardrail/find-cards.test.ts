import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findCards } from "./find-cards.ts";

/** Published for tests by the card schemes. */
const CARDS = [
  "4111111111111111",
  "4222222222222",
  "5555555555554444",
  "2223003122003222",
  "378282246310005",
  "30569309025904",
  "6011111111111117",
  "3530111333300000",
  "6200000000000005",
  "2200000000000053",
];

const numberOf = (text: string): string[] =>
  findCards(text).map(({ start, end }) => text.slice(start, end).replaceAll(/\D/g, ""));

describe("a card number is found", () => {
  test.each(CARDS)("%s, plain, in groups, digit by digit and in a sentence", (card) => {
    const inFours = card.replaceAll(/(\d{4})(?=\d{3})/g, "$1 ");
    for (const written of [card, inFours, inFours.replaceAll(" ", "-"), [...card].join(" ")]) {
      expect(numberOf(`Pay with ${written}, please.`), written).toEqual([card]);
      expect(numberOf(`https://x.example/?n=${written}`), written).toEqual([card]);
    }
  });

  test("beside other numbers", () => {
    expect(numberOf("12 4111 1111 1111 1111 99")).toEqual(["4111111111111111"]);
    expect(numberOf("4111 1111 1111 1111 5555 5555 5555 4444")).toEqual([CARDS[0], CARDS[2]]);
    expect(numberOf("2026-11-21 378282246310005 17:35")).toEqual(["378282246310005"]);
  });
});

describe("no card number is", () => {
  test.each([
    ["with a wrong check digit", "4111111111111112"],
    ["of no issuer", "9999999999999995"],
    ["too long", "41111111111111111111111111"],
    ["a table of numbers", "41 11 11 11 11 11 11 11 12 33 45"],
    ["an instant", "1763740800000"],
    ["a phone number", "+49 30 1234567"],
    ["an address of the network", "192.168.100.100 10.0.0.1"],
    ["two lines apart", "4111 1111\n\n1111 1111"],
  ])("what is %s", (_what, text) => {
    expect(findCards(text)).toEqual([]);
  });
});

test("every number with a right check digit is found wherever it stands, and none with a wrong one", () => {
  const middle = fc.stringMatching(/^\d{14}$/);
  const words = fc.stringMatching(/^[a-z ]{0,20}$/);
  fc.assert(
    fc.property(middle, words, words, (digits, before, after) => {
      const beginning = `4${digits}`;
      const right = [..."0123456789"].filter((last) => findCards(beginning + last).length === 1);
      expect(right).toHaveLength(1);
      const [last = ""] = right;
      expect(numberOf(`${before} ${beginning}${last} ${after}`)).toEqual([beginning + last]);
    }),
  );
});
