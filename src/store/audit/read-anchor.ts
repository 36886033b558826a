import { readFileSync } from "node:fs";
import { pathProblem } from "../../core/path-problem.ts";
import { look } from "../files/needed-path.ts";
import { type AnchorLine, isTornLine, parseAnchorLine } from "./anchor-line.ts";

const VARIABLE = "AGENT_RUNTIME_DATA_DIR";

/** What the anchor file holds. */
export interface AnchorFile {
  readonly path: string;
  readonly isThere: boolean;
  readonly lines: readonly AnchorLine[];
  /** Numbers of the lines that no start and no crash can have left. */
  readonly unreadable: readonly number[];
}

/** @throws AppError when it is there and may not be read. */
export function readAnchor(path: string): AnchorFile {
  if (look({ path, variable: VARIABLE }) === undefined)
    return { path, isThere: false, lines: [], unreadable: [] };
  const texts = readText(path).split("\n");
  const last = texts.pop() ?? "";
  if (last !== "" && !isTornLine(last)) texts.push(last);
  const read = texts.map((text, index) => ({ line: parseAnchorLine(text), number: index + 1 }));
  return {
    path,
    isThere: true,
    lines: read.flatMap(({ line }) => line ?? []),
    unreadable: read.filter(({ line }) => line === undefined).map(({ number }) => number),
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw pathProblem(error, path, VARIABLE);
  }
}
