import type { Actor } from "../core/access/actor.ts";
import type { Decision } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { doc, p } from "../core/rich-text/build.ts";
import type { PairingRow } from "../store/queries/pairings.ts";
import { findPendingPairing } from "./find-pending-pairing.ts";
import { authorize, type OperationDeps } from "./operation.ts";
import { tellRequester } from "./tell-requester.ts";

export interface DeniedPairing extends Decision {
  readonly pairing: PairingRow;
  /** `expired`: it had run out before; commit the decision all the same. */
  readonly status: "denied" | "expired";
}

/**
 * Turns a request away and says so to the person.
 * @throws AppError `access_denied`, `not_found`, `conflict` (decided before).
 */
export async function denyPairing(
  deps: OperationDeps,
  actor: Actor,
  input: { readonly code: string; readonly reason?: string | undefined },
): Promise<DeniedPairing> {
  const who = await authorize(deps, actor, "decide:pairing");
  const found = await findPendingPairing(deps, input.code, false);
  const { pairing } = found;
  if (found.kind === "expired") return { ...found.decision, pairing, status: "expired" };
  const effects: Effect[] = [
    {
      type: "decide-pairing",
      id: pairing.id,
      status: "denied",
      decidedBy: actor.id,
      reason: input.reason ?? null,
      userId: null,
    },
    ...(await tellRequester(deps, pairing, doc(p("Your pairing request was denied.")))),
  ];
  return { effects, seen: [...who.seen, found.seen], pairing, status: "denied" };
}
