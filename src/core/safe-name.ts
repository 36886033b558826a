import { AppError } from "./errors.ts";

/** Ids are ours, but one that could leave its directory must never become a path. */
const SAFE_NAME = /^[A-Za-z0-9_-]+$/u;

/** @throws AppError `invalid_input` for a name that is not just letters, digits, `_` and `-`. */
export function safeName(name: string): string {
  if (SAFE_NAME.test(name)) return name;
  throw new AppError("invalid_input", "This id cannot name a file.");
}
