import fc from "fast-check";
import { expect, test } from "vitest";
import { extensionOf, safeFileName, shownFileName } from "./file-name.ts";

test.each([
  ["report.pdf", "report.pdf"],
  ["  two   words.md ", "two words.md"],
  ["invoice\u202Efdp.exe", "invoicefdp.exe"],
  ["a\u0000b\nc.txt", "ab c.txt"],
  ["e\u0301.txt", "\u00e9.txt"],
  ["", null],
  ["\u200b\u202e", null],
])("%j is shown as %j", (given, shown) => {
  expect(shownFileName(given)).toBe(shown);
});

test("a long name keeps its extension", () => {
  const shown = shownFileName(`${"wide 👩‍👩‍👧 ".repeat(40)}.tar.gz`);
  expect(shown).toMatch(/^wide .*….gz$/u);
  expect(shown?.length).toBeLessThanOrEqual(120);
  expect(shown?.isWellFormed()).toBe(true);
});

test.each([
  ["report.pdf", "report.pdf"],
  ["../../etc/passwd", "passwd"],
  ["..\\boot.ini", "boot.ini"],
  [".bashrc", "bashrc"],
  ["-rf", "rf"],
  ["a b;c$(d).md", "a_b_c_d_.md"],
  ["Отчёт.pdf", "Отчёт.pdf"],
  ["name.", "name"],
  ["/", "video-note.bin"],
  [null, "video-note.bin"],
])("%j is kept as %j", (name, kept) => {
  expect(safeFileName(name, "video note", "bin")).toBe(kept);
});

test("whatever it is, it names a file in its directory and nothing else", () => {
  const nasty = fc.string({ unit: "binary", maxLength: 400 });
  fc.assert(
    fc.property(fc.oneof(nasty, fc.constantFrom("..", "../..", "C:\\x", "\u202e")), (given) => {
      const safe = safeFileName(shownFileName(given), "document", "bin");
      expect(safe).not.toMatch(/[/\\\p{Cc}\p{Cf}]|^[.-]|[. ]$/u);
      expect(safe).not.toBe("");
      expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(120);
      expect(safe.isWellFormed()).toBe(true);
      expect(safeFileName(safe, "document", "bin")).toBe(safe);
    }),
  );
});

test.each([
  ["a.PDF", "pdf"],
  ["a", ""],
  ["a.", ""],
  ["a.averylongextension", ""],
  [null, ""],
])("the extension of %j is %j", (name, extension) => {
  expect(extensionOf(name)).toBe(extension);
});
