import { isAtLeast, type Role } from "./role.ts";

/** The least role for everything an operation may do. Commands, buttons, routes and tools all ask this table. */
export const PERMISSIONS = {
  "read:status": "viewer",
  "read:tasks": "viewer",
  "read:messages": "viewer",
  "read:approvals": "viewer",
  converse: "member",
  "create:task": "member",
  "cancel:own-work": "member",
  "cancel:any-work": "operator",
  "retry:task": "member",
  "route:task": "operator",
  "manage:deliveries": "operator",
  "read:all": "admin",
  "decide:pairing": "admin",
  "decide:approval": "admin",
  "manage:dead-letters": "admin",
  "manage:contexts": "admin",
  "manage:tools": "admin",
  "manage:access": "overlord",
  "manage:workspaces": "overlord",
} as const satisfies Record<string, Role>;

export type Permission = keyof typeof PERMISSIONS;

/** Whether `role` (undefined: nobody we know) may do `permission`. */
export function may(role: Role | undefined, permission: Permission): boolean {
  return role !== undefined && isAtLeast(role, PERMISSIONS[permission]);
}
