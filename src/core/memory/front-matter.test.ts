import fc from "fast-check";
import { expect, test } from "vitest";
import { readFrontMatter, writeFrontMatter } from "./front-matter.ts";

test("what was written is read again, whatever the text and whoever is named", () => {
  fc.assert(
    fc.property(fc.string(), fc.uniqueArray(fc.string()), (text, taintedBy) => {
      if (taintedBy.length === 0 && text.startsWith("---")) return;
      const file = writeFrontMatter({ text, taintedBy });
      expect(readFrontMatter(file).taintedBy).toEqual(taintedBy);
      if (taintedBy.length > 0)
        expect(readFrontMatter(file).text).toBe(text.replaceAll("\r\n", "\n"));
    }),
  );
});

test("a file without a mark is its keepers' own", () => {
  expect(readFrontMatter("- tea\n")).toEqual({ text: "- tea\n", taintedBy: [] });
  expect(readFrontMatter("---\ntitle: tea\n---\n- tea")).toEqual({ text: "- tea", taintedBy: [] });
  expect(readFrontMatter("---\ntaint: false\n---\nx").taintedBy).toEqual([]);
});

test.each([
  "---\ntainted_by: the page x\n---\ntext",
  "---\ntaint: true\n---\ntext",
  "---\nTainted_By: [1]\n---\ntext",
  '---\ntainted_by: ["half\n---\ntext',
  "---\ntainted_by:\n  - the page x\n---\ntext",
  "---\ntainted_by: x\ntext that never ends",
  "\ufeff---\r\ntaint: yes\r\n---\r\ntext",
])("a mark that cannot be read still counts: %j", (file) => {
  expect(readFrontMatter(file).taintedBy).toEqual(["a file that is marked as others' words"]);
});
