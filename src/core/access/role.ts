/** From most to least. A person without an identity has no role at all. */
export const ROLES = ["overlord", "admin", "operator", "member", "viewer"] as const;
export type Role = (typeof ROLES)[number];

/** True when `role` stands as high as `least` or higher. */
export function isAtLeast(role: Role, least: Role): boolean {
  return ROLES.indexOf(role) <= ROLES.indexOf(least);
}
