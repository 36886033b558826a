import type { UserView } from "../../../src/client/shapes/user.ts";

/** The key of the machine itself: it is changed in the configuration, never unlinked. */
export function isAdminToken(identity: UserView["identities"][number]): boolean {
  return identity.connector === "api" && identity.connector_user_id === "admin-token";
}
