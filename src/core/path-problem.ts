import { AppError, type ErrorCode } from "./errors.ts";

interface Reason {
  readonly why: string;
  /** What to do about it, besides taking another path. */
  readonly remedy?: string;
  readonly code?: ErrorCode;
}

const NOT_ALLOWED: Reason = {
  why: "this account may not use it",
  remedy: "Run this as the account it belongs to, change its owner or mode",
};
const NO_SPACE: Reason = {
  why: "there is no space left for it",
  remedy: "Free some",
  code: "unavailable",
};

const NO_DIRECTORY: Reason = { why: "it is a file, not a directory", remedy: "Move it away" };

const REASONS: Readonly<Record<string, Reason>> = {
  EACCES: NOT_ALLOWED,
  EPERM: NOT_ALLOWED,
  EROFS: { why: "it lies on a read-only file system", remedy: "Make that writable" },
  ENOSPC: NO_SPACE,
  EDQUOT: NO_SPACE,
  ENOTDIR: NO_DIRECTORY,
  EEXIST: NO_DIRECTORY,
  EISDIR: { why: "it is a directory where a file is needed", remedy: "Move it away" },
  ELOOP: { why: "it is a link that leads in a circle", remedy: "Correct the link" },
  ENAMETOOLONG: { why: "its name is too long", remedy: "Shorten it" },
  ENOENT: { why: "nothing can be made there" },
};
const UNKNOWN: Reason = {
  why: "the system refuses",
  remedy: "Look at the disk",
  code: "unavailable",
};

/**
 * Why a path that we need cannot be used, for who runs it; `variable` sets the path. Bad input, unless it passes by itself.
 * An error that is in these words already stays as it is.
 */
export function pathProblem(error: unknown, path: string, variable: string): AppError {
  if (error instanceof AppError) return error;
  const errno = String((error as NodeJS.ErrnoException | undefined)?.code ?? "unknown error");
  const { why, remedy, code = "invalid_input" } = REASONS[errno] ?? UNKNOWN;
  const otherwise = `et ${variable} to another place.`;
  const advice = remedy === undefined ? `S${otherwise}` : `${remedy}, or s${otherwise}`;
  return new AppError(code, `${path} cannot be used: ${why} (${errno}). ${advice}`, {
    cause: error,
  });
}
