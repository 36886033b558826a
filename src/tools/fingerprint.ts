import { accessSync, constants, readFileSync, type Stats, statSync } from "node:fs";
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

/** By these a file is known for what an interpreter runs, and no data. */
const SCRIPT = /\.(?:[cm]?[jt]s|py|sh|bash|rb|pl|php|lua|jar)$/iu;

/**
 * What the files are now that a command runs: the program, where it is named by a path, and the first script that its
 * arguments name: in its own folder, or by its whole path. What those load themselves is not looked at.
 */
export function filesOfProgram({ argv, folder = sep }: Program): readonly string[] {
  const [program, ...words] = argv;
  const script = words.map((word) => resolve(folder, word)).find(isScript);
  const named = program.includes("/") ? [resolve(folder, program)] : [];
  return [...named, ...(script === undefined ? [] : [script])].map(digestFile);
}

function isScript(path: string): boolean {
  if (look(path)?.isFile() !== true) return false;
  return SCRIPT.test(path) || isExecutable(path);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
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
