import { AppError } from "../errors.ts";
import { isAtLeast, type Role } from "./role.ts";

/** Nobody gives a role above their own. @throws AppError `access_denied`. */
export function requireMayGive(own: Role, role: Role): void {
  if (isAtLeast(own, role)) return;
  throw new AppError(
    "access_denied",
    `You cannot give the role ${role}: it stands above your own (${own}).`,
  );
}

/** Nobody changes somebody who stands above them. @throws AppError `access_denied`. */
export function requireMayChange(own: Role, theirs: Role): void {
  if (isAtLeast(own, theirs)) return;
  throw new AppError(
    "access_denied",
    `Their role (${theirs}) stands above your own (${own}): you cannot change it.`,
  );
}
