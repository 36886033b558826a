import type { Actor } from "../core/access/actor.ts";
import { secretsEqual } from "../core/ids.ts";
import { personByIdentityId } from "../store/queries/people.ts";
import type { Reader } from "../store/store.ts";

/** Who a bearer token belongs to: today the owner's alone. Compares in constant time; the role is the one held now. */
export function createAuthenticator(
  store: Reader,
  ownerIdentityId: string,
  adminToken: string,
): (token: string) => Promise<Actor | undefined> {
  return async (token) => {
    if (!secretsEqual(token, adminToken)) return undefined;
    const person = await store.first(personByIdentityId, { id: ownerIdentityId });
    if (person === undefined) return undefined;
    return {
      id: person.identity_id,
      userId: person.user_id,
      role: person.role,
      displayName: person.display_name,
    };
  };
}
