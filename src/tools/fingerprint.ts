import { readFileSync, type Stats, statSync } from "node:fs";
import { resolve, sep } from "node:path";
import { canonicalJson } from "../core/approval/approval.ts";
import { sha256Hex } from "../core/ids.ts";

/** Of a larger program only its size and times are looked at. */
const MOST_READ_BYTES = 16_000_000;

/** A digest that tells one thing from another and says nothing of either. */
export function fingerprint(runs: object): string {
  return sha256Hex(canonicalJson(runs));
}

/** A program of the operator. */
interface Program {
  readonly argv: readonly [string, ...string[]];
  /** Where its own files lie. Relative paths start there. */
  readonly folder?: string;
}

/**
 * What the files are now that a command runs: the program, where it is named by a path, and the first file of its own folder
 * that it names, which is the script of an interpreter. What those load themselves is not looked at.
 */
export function filesOfProgram({ argv, folder }: Program): readonly string[] {
  const [program] = argv;
  const place = folder ?? sep;
  const own = folder === undefined ? undefined : argv.find((word) => isFileIn(folder, word));
  const named = [...(program.includes("/") ? [program] : []), ...(own === undefined ? [] : [own])];
  return [...new Set(named)].map((word) => digestFile(resolve(place, word)));
}

function isFileIn(folder: string, word: string): boolean {
  const path = resolve(folder, word);
  return path.startsWith(folder + sep) && look(path)?.isFile() === true;
}

function look(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    // What is not there, or cannot be looked at, is different from what is.
    return undefined;
  }
}

function digestFile(path: string): string {
  const stats = look(path);
  if (stats?.isFile() !== true) return "no file";
  const { ino, size, mtimeMs, ctimeMs } = stats;
  const facts = JSON.stringify({ ino, size, mtimeMs, ctimeMs });
  if (size > MOST_READ_BYTES) return facts;
  try {
    return sha256Hex(readFileSync(path));
  } catch {
    // It may be run and not read.
    return facts;
  }
}
