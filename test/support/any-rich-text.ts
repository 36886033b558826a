import fc from "fast-check";
import { bold, codeBlock, p } from "../../src/core/rich-text/build.ts";
import type { Block, Inline, RichText } from "../../src/core/rich-text/rich-text.ts";

/** Text of every plane, and of what markup is made of. */
export const anyText = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 200 }),
  fc.string({ unit: "binary", maxLength: 200 }),
  fc
    .array(
      fc.constantFrom(
        ..."*_`[]()<>#+-=~|!&\\.1: \n\tab\u0301👩‍👩‍👧‍👦",
        "\ud800",
        "```",
        "http://a.b",
        "&amp;",
        "\r\n",
      ),
      { maxLength: 80 },
    )
    .map((pieces) => pieces.join("")),
  fc.lorem({ maxCount: 60 }),
);

/** Any body the product could say, three levels deep. */
export const anyRichText: fc.Arbitrary<RichText> = fc.letrec<{
  inline: Inline;
  block: Block;
  body: RichText;
}>((tie) => ({
  inline: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({ type: fc.constant("text" as const), text: anyText }),
    fc.record({ type: fc.constant("code" as const), code: anyText }),
    fc.record({
      type: fc.constantFrom("bold" as const, "italic" as const),
      inlines: fc.array(tie("inline"), { maxLength: 3 }),
    }),
    fc.record({
      type: fc.constant("link" as const),
      url: fc.oneof(fc.webUrl({ withQueryParameters: true }), anyText),
      inlines: fc.array(tie("inline"), { maxLength: 2 }),
    }),
  ),
  block: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({
      type: fc.constant("paragraph" as const),
      inlines: fc.array(tie("inline"), { maxLength: 5 }),
    }),
    fc.record({
      type: fc.constant("code-block" as const),
      language: fc.constantFrom("", "ts", "c++", '"><b>'),
      code: anyText,
    }),
    fc.record({
      type: fc.constant("list" as const),
      ordered: fc.boolean(),
      items: fc.array(tie("body"), { maxLength: 3 }),
    }),
    fc.record({ type: fc.constant("quote" as const), blocks: tie("body") }),
    fc.record({
      type: fc.constant("buttons" as const),
      buttons: fc.array(
        fc.record({ label: anyText, command: fc.constantFrom("/tasks", "/task a b") }),
        { maxLength: 4 },
      ),
    }),
  ),
  body: fc.array(tie("block"), { maxLength: 4 }),
})).body;

/** Bodies of many messages: the same said over and over, and longer than any message. */
export const anyLongRichText: fc.Arbitrary<RichText> = fc
  .array(fc.tuple(anyRichText, fc.integer({ min: 1, max: 40 }), anyText), {
    minLength: 1,
    maxLength: 6,
  })
  .map((pieces) =>
    pieces.flatMap(([body, times, text]) => [
      ...Array.from({ length: times }, () => body).flat(),
      p(bold(text.repeat(times))),
      codeBlock(text.repeat(times * 2), "ts"),
    ]),
  );
