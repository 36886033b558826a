import type { Actor } from "../core/access/actor.ts";
import { hashApiKey } from "../core/access/api-key.ts";
import type { Clock } from "../core/clock.ts";
import { newId, secretsEqual } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import { liveKeyByHash } from "../store/queries/api-keys.ts";
import { personByIdentityId } from "../store/queries/people.ts";
import type { Store } from "../store/store.ts";

/** When a key was last used is for people to look at: once an hour is enough. */
const TOUCH_EVERY_MS = 60 * 60_000;

interface AuthenticatorDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Who a bearer token belongs to, with the role held now: the owner by the admin token, compared in constant time, or a
 * key by its hash. A revoked key belongs to nobody.
 */
export function createAuthenticator(
  deps: AuthenticatorDeps,
  ownerIdentityId: string,
  adminToken: string,
): (token: string) => Promise<Actor | undefined> {
  return async (token) => {
    if (!secretsEqual(token, adminToken)) return await findKeyActor(deps, token);
    const person = await deps.store.first(personByIdentityId, { id: ownerIdentityId });
    if (person === undefined) return undefined;
    return {
      id: person.identity_id,
      userId: person.user_id,
      role: person.role,
      displayName: person.display_name,
    };
  };
}

async function findKeyActor(deps: AuthenticatorDeps, token: string): Promise<Actor | undefined> {
  const hash = hashApiKey(token);
  const key = hash === undefined ? undefined : await deps.store.first(liveKeyByHash, { hash });
  if (key === undefined) return undefined;
  const actor: Actor = {
    id: key.identity_id,
    userId: key.user_id,
    role: key.role,
    displayName: key.display_name,
  };
  await noteUse(deps, key, actor);
  return actor;
}

/** A store that takes no writes keeps nobody out. */
async function noteUse(
  { store, clock, log }: AuthenticatorDeps,
  key: { readonly id: string; readonly last_used_at_ms: number | null },
  actor: Actor,
): Promise<void> {
  const now = clock.now();
  const ifBeforeMs = now - TOUCH_EVERY_MS;
  if (key.last_used_at_ms !== null && key.last_used_at_ms >= ifBeforeMs) return;
  try {
    await store.commit({
      name: "use-key",
      actor: actor.id,
      cause: newId("commit"),
      now,
      effects: [{ type: "touch-key", id: key.id, ifBeforeMs }],
    });
  } catch (error) {
    log.write("warn", "the use of a key was not noted", { key: key.id, error });
  }
}
