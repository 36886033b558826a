import { AppError } from "../errors.ts";
import { may, PERMISSIONS, type Permission } from "./permission.ts";
import type { Role } from "./role.ts";

/** @throws AppError `unauthenticated` for nobody we know, `access_denied` for a role that stands too low. */
export function requirePermission(role: Role | undefined, permission: Permission): void {
  if (role === undefined) {
    throw new AppError("unauthenticated", "I do not know who you are yet. Send /pair.");
  }
  if (!may(role, permission)) {
    throw new AppError(
      "access_denied",
      `Your role (${role}) does not allow that. It takes the role ${PERMISSIONS[permission]} or higher.`,
    );
  }
}
