import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseEnvFile } from "./parse-env-file.ts";

function read(text: string): Record<string, string> {
  return Object.fromEntries(parseEnvFile(text).values);
}

describe("parseEnvFile", () => {
  it.each([
    ["A=1", "1"],
    ["  A = 1  ", "1"],
    ["export A=1", "1"],
    ["A=1 # why", "1"],
    ["A=a#b", "a#b"],
    ["A=", ""],
    ["A= # nothing", ""],
    ["A=x=y", "x=y"],
    ['A="a # b" # why', "a # b"],
    ['A="say \\"hi\\"\\n"', 'say "hi"\n'],
    ["A='C:\\new'", "C:\\new"],
    ["A=1\r\nB=2\r\n", "1"],
    ["\uFEFFA=1", "1"],
    ["# A=2\n\nA=1", "1"],
    ["A=2\nA=1", "1"],
  ])("reads %j", (text, value) => {
    expect(parseEnvFile(text).problems).toEqual([]);
    expect(read(text)["A"]).toBe(value);
  });

  it.each(["A", "= 1", "1A=1", "A B=1", 'A="open', "A='a' b"])("refuses %j by its line", (line) => {
    const { values, problems } = parseEnvFile(`# first\n${line}\nB=1\n`);
    expect(problems).toEqual([expect.stringMatching(/^Line 2 of \.env/)]);
    expect([...values.keys()]).toEqual(["B"]);
  });

  it("takes a line separator of Unicode for a letter like any other", () => {
    expect(read("A=a\u2028b # c\u2029d\nB='\u2028'")).toEqual({ A: "a\u2028b", B: "\u2028" });
  });

  it("reads back any value in double quotes", () => {
    const quote = (value: string): string =>
      `"${value.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\r", "\\r")}"`;
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (value) => {
        expect(read(`A=${quote(value)}`)["A"]).toBe(value);
      }),
    );
  });
});
