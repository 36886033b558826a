import { AppError } from "../errors.ts";
import { isAtLeast, type Role } from "./role.ts";

/**
 * Nobody gives a role above their own. Who changes people or makes keys needs no such look: that takes the highest role.
 * @throws AppError `access_denied`.
 */
export function requireMayGive(own: Role, role: Role): void {
  if (isAtLeast(own, role)) return;
  throw new AppError(
    "access_denied",
    `You cannot give the role ${role}: it stands above your own (${own}).`,
  );
}
