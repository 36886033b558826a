import type { Actor } from "../core/access/actor.ts";
import { findSession } from "../operations/find-session.ts";
import { identitiesOfUser } from "../store/queries/people.ts";
import type { HttpDeps } from "./route.ts";

/** Who a page's cookie stands for, while its session lasts: the user, by the first of their identities. */
export async function findSessionActor(
  { store, clock }: Pick<HttpDeps, "store" | "clock">,
  token: string,
): Promise<Actor | undefined> {
  const session = await findSession({ store, now: clock.now() }, token);
  if (session === undefined) return undefined;
  const { userId, role, displayName } = session;
  const [identity] = await store.all(identitiesOfUser, { userId });
  return { id: identity?.id ?? userId, userId, role, displayName };
}
