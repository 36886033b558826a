import { describe, expect, test } from "vitest";
import { titleOf } from "./task.ts";

describe("the title of a task", () => {
  test("is the first line of its prompt", () => {
    expect(titleOf("  sort the post \nand the bills")).toBe("sort the post");
    expect(titleOf("x".repeat(72))).toBe("x".repeat(72));
  });

  test("is cut between words", () => {
    const secret = "s3cr3t".repeat(10);
    expect(titleOf(`use the password ${secret} for it`)).toBe("use the password…");
    expect(titleOf(`${"word ".repeat(30)}`)).toBe(`${"word ".repeat(14).trim()}…`);
  });

  test("is cut within a word only when that alone is too long", () => {
    expect(titleOf("x".repeat(73))).toBe(`${"x".repeat(71)}…`);
  });

  test("counts characters as a person does, and reads no further than it must", () => {
    const family = "👨‍👩‍👧‍👦";
    expect(titleOf(family.repeat(72))).toBe(family.repeat(72));
    expect(titleOf(family.repeat(100))).toBe(`${family.repeat(71)}…`);
    expect(titleOf("a".repeat(1_000_000))).toBe(`${"a".repeat(71)}…`);
  });
});
