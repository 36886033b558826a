import type { Actor } from "../core/access/actor.ts";
import type { Decision } from "../core/effect/commit.ts";
import { type FoundPairing, findPairing } from "./find-pending-pairing.ts";
import { authorize, type OperationDeps } from "./operation.ts";

/**
 * What has become of the request behind a code. A wrong code counts as it does for approving: this tells as much.
 * @throws AppError `access_denied`.
 */
export async function lookupPairing(
  deps: OperationDeps,
  actor: Actor,
  code: string,
): Promise<LookedUpPairing> {
  const { userId } = await authorize(deps, actor, "decide:pairing");
  const found = await findPairing(deps, { code, by: userId, of: "person" });
  return found.status === "refused" ? found : { ...found, effects: [], seen: [] };
}

export type LookedUpPairing = FoundPairing & Decision;
