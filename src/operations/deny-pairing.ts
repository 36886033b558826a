import type { Actor } from "../core/access/actor.ts";
import type { Decision } from "../core/effect/commit.ts";
import { code, doc, p } from "../core/rich-text/build.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import type { PairingRow } from "../store/queries/pairings.ts";
import { authorizeDecider, otherRequests } from "./authorize-decider.ts";
import { findPendingPairing } from "./find-pending-pairing.ts";
import type { OperationDeps } from "./operation.ts";
import type { Refused } from "./refused.ts";
import { findRequesterContext, tellRequester } from "./tell-requester.ts";

export interface DenyPairingInput {
  readonly code: string;
  /** Told to the person and kept in the record; blank: none was given. */
  readonly reason: string;
  /** Who the caller says they are; refused when they are not. */
  readonly claimedUserId?: string | undefined;
}

export interface DeniedPairing extends Decision {
  readonly status: "denied";
  readonly pairing: PairingRow;
  readonly reason: string;
  readonly approverUserId: string;
}

/**
 * Turns a person away, with all their open codes, and says so to them. Refused: a code that is unknown, used, denied
 * or too old. @throws AppError `access_denied`.
 */
export async function denyPairing(
  deps: OperationDeps,
  actor: Actor,
  { code: typed, reason: written, claimedUserId }: DenyPairingInput,
): Promise<DeniedPairing | Refused> {
  const who = await authorizeDecider(deps, actor, claimedUserId);
  const found = await findPendingPairing(deps, { code: typed, by: who.userId, of: "person" });
  if (found.status === "refused") return found;
  const { pairing } = found;
  const given = written.trim();
  const reason = given === "" ? "denied" : given;
  const others = await otherRequests(deps, pairing);
  const context = await findRequesterContext(deps, pairing);
  return {
    effects: [
      ...[pairing, ...others].map(
        ({ id }) =>
          ({
            type: "decide-pairing",
            id,
            status: "denied",
            decidedBy: actor.id,
            approverUserId: who.userId,
            reason,
            userId: null,
          }) as const,
      ),
      ...tellRequester(deps, context, refusal(given)),
    ],
    seen: [
      ...who.seen,
      ...found.seen,
      ...others.map(({ id, version }) => ({ table: "pairings", id, version }) as const),
    ],
    status: "denied",
    pairing,
    reason,
    approverUserId: who.userId,
  };
}

/** The reason is somebody's words, not ours. */
function refusal(reason: string): RichText {
  const why = reason === "" ? [] : [" The reason given: ", code(reason)];
  return doc(p("Your pairing request was denied.", ...why));
}
