import { hashCode } from "../core/access/one-time-code.ts";
import type { Decision, Seen } from "../core/effect/commit.ts";
import { AppError } from "../core/errors.ts";
import { type PairingRow, pairingByCodeHash } from "../store/queries/pairings.ts";
import { expirePairings } from "./expire-pairings.ts";
import type { OperationDeps } from "./operation.ts";

export type FoundPairing =
  | { readonly kind: "pending"; readonly pairing: PairingRow; readonly seen: Seen }
  /** It ran out: the decision records that. */
  | { readonly kind: "expired"; readonly pairing: PairingRow; readonly decision: Decision };

/**
 * The open request behind a code, for people (`isOwnerLink` false) or printed for the owner (true).
 * @throws AppError `not_found` (no such code), `conflict` (it was decided before).
 */
export async function findPendingPairing(
  { store, now }: OperationDeps,
  code: string,
  isOwnerLink: boolean,
): Promise<FoundPairing> {
  const pairing = await store.first(pairingByCodeHash, { codeHash: hashCode(code) });
  if (pairing === undefined || (pairing.external_user_id === null) !== isOwnerLink) {
    throw unknownCode();
  }
  const seen: Seen = { table: "pairings", id: pairing.id, version: pairing.version };
  if (pairing.status !== "pending") {
    throw new AppError(
      "conflict",
      `This pairing code was ${whySpent(pairing)}. Make a new one with /pair.`,
    );
  }
  if (pairing.expires_at_ms > now) return { kind: "pending", pairing, seen };
  return { kind: "expired", pairing, decision: expirePairings([pairing], "not used in time") };
}

/** There is no such code, or it is not for this: the two must look alike. */
export function unknownCode(): AppError {
  return new AppError(
    "not_found",
    "I do not know this pairing code. Check it, or make a new one with /pair.",
  );
}

function whySpent({ status, reason }: PairingRow): string {
  switch (status) {
    case "approved":
      return "used already";
    case "denied":
      return "denied";
    default:
      return reason ?? "not used in time";
  }
}
