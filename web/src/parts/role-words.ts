import { isAtLeast, ROLES, type Role } from "../../../src/core/access/role.ts";

const MAY: Readonly<Record<Role, string>> = {
  viewer: "reads",
  member: "talks, creates tasks",
  operator: "also routes tasks, ends others' work, mends deliveries",
  admin: "also sees everything, lets people in, sets prompts",
  overlord: "everything, also roles, keys and workspaces",
};

/** The roles that somebody of the role `own` may give, from least to most. */
export function rolesToGive(own: Role | undefined): readonly Role[] {
  return ROLES.filter((role) => own !== undefined && isAtLeast(own, role)).toReversed();
}

/** `member: talks, creates tasks` */
export function roleOption(role: Role): { readonly value: Role; readonly label: string } {
  return { value: role, label: `${role}: ${MAY[role]}` };
}

/** The role of this name, if there is one. */
export function toRole(name: string): Role | undefined {
  return ROLES.find((role) => role === name);
}
