import fc from "fast-check";

const INVISIBLE = ["\u00ad", "\u034f", "\u061c", "\u200b", "\u200d", "\u2060", "\u3164", "\ufe0f"];
const MORE_INVISIBLE = ["\u0001", "\u007f", "\ufeff", "\u{e0041}", "%E2%80%8B", "%c2%ad"];

/** `secret` with invisible signs before its letters, and some of its letters percent-encoded, some twice. */
export function anyVeiled(secret: string): fc.Arbitrary<string> {
  const letters = [...secret].map((letter) =>
    fc
      .tuple(
        fc.oneof(
          { weight: 3, arbitrary: fc.constant("") },
          { weight: 1, arbitrary: fc.constantFrom(...INVISIBLE, ...MORE_INVISIBLE) },
        ),
        fc.constantFrom(...spellings(letter)),
      )
      .map(([veil, spelling]) => veil + spelling),
  );
  return fc.tuple(...letters).map((pieces) => pieces.join(""));
}

function spellings(letter: string): readonly string[] {
  const encoded = [...Buffer.from(letter)]
    .map((byte) => `%${byte.toString(16).padStart(2, "0")}`)
    .join("");
  return [letter, letter, encoded, encoded.toUpperCase(), encoded.replaceAll("%", "%25")];
}
