import type { Decision } from "../core/effect/commit.ts";
import type { PairingRow } from "../store/queries/pairings.ts";

/** Ends codes that nobody has used, for good. */
export function expirePairings(
  pairings: readonly Pick<PairingRow, "id" | "version">[],
  reason: string,
): Decision {
  return {
    effects: pairings.map(({ id }) => ({
      type: "decide-pairing",
      id,
      status: "expired",
      decidedBy: "system",
      approverUserId: null,
      reason,
      userId: null,
    })),
    seen: pairings.map(({ id, version }) => ({ table: "pairings", id, version })),
  };
}
