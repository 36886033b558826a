import { describe, expect, it } from "vitest";
import { hashCode, newLinkCode, newTypedCode } from "./one-time-code.ts";

describe("one-time codes", () => {
  it("is found again however it is typed", () => {
    const { code, hash } = newTypedCode();
    expect(code).toMatch(/^[0-9a-z]{4}-[0-9a-z]{4}$/u);
    expect(hashCode(code.toUpperCase())).toBe(hash);
    expect(hashCode(code.replace("-", " "))).toBe(hash);
    expect(hashCode(` ${code.replace("-", "")}\n`)).toBe(hash);
  });

  it("reads letters that look like digits as those digits", () => {
    expect(hashCode("o1Li-0000")).toBe(hashCode("0111oooo"));
  });

  it("keeps only a hash, and never makes the same code twice", () => {
    const codes = Array.from({ length: 200 }, () => newLinkCode());
    expect(new Set(codes.map((one) => one.hash)).size).toBe(200);
    for (const { code, hash } of codes) {
      expect(code).toMatch(/^[0-9a-z]{25}$/u);
      expect(hash).not.toContain(code);
    }
  });
});
