import fc from "fast-check";
import { expect, it } from "vitest";
import { anyRichText } from "../../../test/support/any-rich-text.ts";
import { buttons, doc, list, p } from "./build.ts";
import { listButtons } from "./list-buttons.ts";
import { withoutButtons } from "./without-buttons.ts";

const press = buttons({ label: "Press", command: "/help" });

it("takes every button out, however deep, and leaves the words", () => {
  expect(withoutButtons(doc(p("a"), press, list(doc(p("b"), press))))).toEqual(
    doc(p("a"), list(doc(p("b")))),
  );
  fc.assert(
    fc.property(anyRichText, (body) => {
      expect(listButtons(withoutButtons(body))).toEqual([]);
    }),
  );
});
