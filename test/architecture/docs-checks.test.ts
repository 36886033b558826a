import { expect, it } from "vitest";
import { findMissingPaths } from "../../scripts/docs/check-paths.ts";
import { findBrokenPromises } from "../../scripts/docs/check-promises.ts";

const item = (file: string, title: string) => `- [${file}](../${file}): "${title}"\n`;

it("a promise may name a test that is there, also over two lines", () => {
  const page = `## Claimed\n\n### 1. It holds\n\n- [a.test.ts](../a.test.ts):\n  "holds always"\n`;
  expect(findBrokenPromises(page, () => 'test("holds always", () => {')).toEqual([]);
});

it("a promise that names a missing test, or none, is found", () => {
  const page = `## Claimed\n\n### 1. One\n\n${item("a.test.ts", "was renamed")}\n### 2. Two\n\nSurely.\n\n## Not claimed\n\n### 3. Three\n`;
  expect(findBrokenPromises(page, () => 'test("has a new name", () => {')).toEqual([
    'no test "was renamed" in a.test.ts.',
    '"2. Two" is claimed and names no test.',
  ]);
  expect(findBrokenPromises("", () => "")).toHaveLength(1);
});

it("a path that is not there is found, an example is none", () => {
  const page = "`src/a.ts`, `src/b/`, `test/<name>.test.ts`, `src/gone.ts` and `src/gone.ts`";
  const there = ["src/a.ts", "src/b/"];
  expect(findMissingPaths(page, (path) => there.includes(path))).toEqual(["src/gone.ts"]);
});
