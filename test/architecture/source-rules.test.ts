import { basename } from "node:path";
import { expect, it } from "vitest";
import { isTest, readSourceFiles } from "./source-files.ts";

const LONGEST = 350;
/** Names that say nothing about what is inside. */
const BANNED = /^(utils?|helpers?|common|misc|manager|types|index)\.tsx?$/;
/** Time, ids and chance are given by core, so that a test can decide them. */
const GIVEN_BY_CORE = [
  /\bDate\.now\b/,
  /\bnew Date\(/,
  /\b(setTimeout|setInterval)\s*\(/,
  /\brandomUUID\b/,
  /\bMath\.random\b/,
];

const production = readSourceFiles("src").filter(({ path }) => !isTest(path));
const everything = readSourceFiles("src", "web", "test", "bench", "scripts");

it("sees the sources", () => {
  expect(production.map(({ path }) => path)).toContain("src/main.ts");
  expect(everything.length).toBeGreaterThan(production.length);
});

it("has no file whose name says nothing", () => {
  expect(everything.map(({ path }) => path).filter((path) => BANNED.test(basename(path)))).toEqual(
    [],
  );
});

it(`has no file of more than ${LONGEST} lines`, () => {
  const long = everything
    .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
    .filter(({ lines }) => lines > LONGEST);
  expect(long).toEqual([]);
});

it("takes time, ids and chance from core only", () => {
  const found = production
    .filter(({ path }) => !path.startsWith("src/core/"))
    .flatMap(({ path, text }) =>
      text
        .split("\n")
        .map((line, index) => ({ at: `${path}:${index + 1}`, line: withoutComment(line) }))
        .filter(({ line }) => GIVEN_BY_CORE.some((pattern) => pattern.test(line)))
        .map(({ at, line }) => `${at} ${line.trim()}`),
    );
  expect(found).toEqual([]);
});

it("makes a Date in one file of core", () => {
  const files = production.filter(({ text }) => /\bnew Date\(/.test(text)).map(({ path }) => path);
  expect(files).toEqual(["src/core/clock.ts"]);
});

function withoutComment(line: string): string {
  return line.replace(/^\s*(\/\/|\*|\/\*).*$/, "").replace(/\s\/\/.*$/, "");
}
