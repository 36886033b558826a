import fc from "fast-check";
import { expect, test } from "vitest";
import { anyRichText } from "../../../test/support/any-rich-text.ts";
import { bold, buttons, doc, p } from "../../core/rich-text/build.ts";
import { toPlainText } from "../../core/rich-text/to-plain-text.ts";
import { createPlainFormat } from "./plain.ts";

const format = createPlainFormat({ limit: 60 });
const noData = () => "";

test("writes text, and buttons as lines", () => {
  const body = doc(p("Do ", bold("it"), "?"), buttons({ label: "Yes", command: "/yes" }));
  expect(format.render(body, noData)).toEqual([
    { formatted: "Do it?\n\nYes: /yes", plain: "Do it?\n\nYes: /yes", buttons: [] },
  ]);
});

test("says so when there is nothing to say", () => {
  expect(format.render([], noData).map((part) => part.plain)).toEqual(["(empty reply)"]);
});

test("keeps within its limit, marked or not, and loses nothing", () => {
  const squeeze = (text: string) => text.replace(/[\s\p{C}\p{Z}\u3164\u2800]/gu, "");
  fc.assert(
    fc.property(anyRichText, (body) => {
      const parts = format.render(body, noData);
      for (const part of parts) {
        expect(format.markRepeated(part).plain.length).toBeLessThanOrEqual(60);
        expect(part.plain).not.toBe("");
      }
      const expected = squeeze(toPlainText(body));
      if (expected !== "") expect(squeeze(parts.map((part) => part.plain).join(""))).toBe(expected);
    }),
  );
});
