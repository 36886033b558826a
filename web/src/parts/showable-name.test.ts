import { expect, test } from "vitest";
import { showableName } from "./showable-name.ts";

test("a name stays as it is, in every script, with its emoji and its HTML", () => {
  for (const name of ["Ann", "Ćao Šipić", "محمد", "דנה", "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "<b>Ann</b>", "می‌خواهم"]) {
    expect(showableName(name)).toBe(name);
  }
});

test("a name cannot turn the line round, break it, or be nothing", () => {
  expect(showableName("\u202e2002 margelet")).toBe("2002 margelet");
  expect(showableName("\u2067Ann\u2069")).toBe("Ann");
  expect(showableName("An\u200bn\r\nOwner")).toBe("AnnOwner");
  for (const name of ["", "  ", "\u3164", "\u200d", "\u0301", "\u202e"]) {
    expect(showableName(name)).toBe("(no name)");
  }
});
