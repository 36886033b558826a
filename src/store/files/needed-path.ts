import {
  accessSync,
  chmodSync,
  constants,
  lstatSync,
  mkdirSync,
  readlinkSync,
  type Stats,
  statSync,
} from "node:fs";
import { dirname } from "node:path";
import { AppError } from "../../core/errors.ts";
import { pathProblem } from "../../core/path-problem.ts";

/** A directory or file of the runtime, and the variable that says where it lies. */
export interface NeededPath {
  readonly path: string;
  readonly variable: string;
}

/**
 * Makes a directory, and those above it, for this account alone; leaves one that is there as it is.
 * One at a time: told to make all at once, Node never returns where a file system takes no directory, as `/proc` does.
 * @throws AppError that says what is in the way and what to do.
 */
export function makeDirectory(needed: NeededPath): void {
  const { path, variable } = needed;
  if (look(needed)?.isDirectory() === true) return;
  const parent = dirname(path);
  if (parent !== path) makeDirectory({ path: parent, variable });
  try {
    mkdirSync(path, { mode: 0o700 });
    chmodSync(path, 0o700);
  } catch (error) {
    // Somebody else may have been quicker.
    if (look(needed)?.isDirectory() !== true) throw pathProblem(error, path, variable);
  }
}

/** @throws AppError unless files can be made in the directory and read again. */
export function requireDirectory(needed: NeededPath): void {
  if (look(needed)?.isDirectory() === false) throw problem("ENOTDIR", needed);
  requireAccess(needed, constants.R_OK | constants.W_OK | constants.X_OK);
}

/** @throws AppError when there is something that is no file, or one that cannot be read and written. */
export function requireFile(needed: NeededPath): void {
  const found = look(needed);
  if (found === undefined) return;
  if (found.isDirectory()) throw problem("EISDIR", needed);
  requireAccess(needed, constants.R_OK | constants.W_OK);
}

/** Asks without opening: closing a store that was opened by hand would end the locks this process holds on it. */
export function requireReadable(needed: NeededPath): void {
  requireAccess(needed, constants.R_OK);
}

/** What is there, at the end of all links; `undefined` when nothing is. @throws AppError when that cannot be told. */
export function look(needed: NeededPath): Stats | undefined {
  try {
    return statSync(needed.path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // What is no directory above it is told when that is looked at.
    if (code === "ENOTDIR") return undefined;
    if (code !== "ENOENT") throw pathProblem(error, needed.path, needed.variable);
    refuseDanglingLink(needed);
    return undefined;
  }
}

function refuseDanglingLink({ path, variable }: NeededPath): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return;
  throw new AppError(
    "invalid_input",
    `${path} cannot be used: it is a link to ${readlinkSync(path)}, which is not there. Correct the link, or set ${variable} to another place.`,
  );
}

function requireAccess({ path, variable }: NeededPath, mode: number): void {
  try {
    accessSync(path, mode);
  } catch (error) {
    throw pathProblem(error, path, variable);
  }
}

function problem(code: string, { path, variable }: NeededPath): AppError {
  return pathProblem({ code }, path, variable);
}
