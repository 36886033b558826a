import { expect, it } from "vitest";
import * as lists from "../crash/killed-seams.ts";
import { isTest, readSourceFiles } from "./source-files.ts";

/** The two ways a commit gets its name: in an object with what it changes or who did it, and as an argument. */
const NAMES = [
  /\bname: "([a-z-]+)",\s*(?:actor\b|effects\b|cause\b|now\b|claim\b|seen\b|\.\.\.)/g,
  /\b(?:commit\w*|step)\(\s*(?:[\w.]+,\s*)*"([a-z-]+)"/g,
];
/** They ask whether the store takes writes, and write nothing that anybody reads. */
const NOTHING_HANGS_ON = ["probe", "finish-probe"];

const named = readSourceFiles("src")
  .filter(({ path }) => !isTest(path))
  .flatMap(({ text }) => NAMES.flatMap((form) => [...text.matchAll(form)]))
  .map((match) => match[1] ?? "");
const listed = Object.values(lists)
  .flat()
  .filter((seam) => seam.startsWith("commit "))
  .map((seam) => seam.slice("commit ".length));

it("knows of every commit which crash test kills the process at it", () => {
  const known = new Set([...listed, ...NOTHING_HANGS_ON]);
  expect([...new Set(named)].filter((name) => !known.has(name))).toEqual([]);
});

it("names no commit that is none", () => {
  const made = new Set([...named, "job-retry"]);
  expect(listed.filter((name) => !made.has(name))).toEqual([]);
});
