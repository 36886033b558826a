import { hashCode } from "../core/access/one-time-code.ts";
import type { EpochMs } from "../core/clock.ts";
import { toIso } from "../core/clock.ts";
import type { Seen } from "../core/effect/commit.ts";
import { AppError } from "../core/errors.ts";
import { type PairingRow, pairingByCodeHash } from "../store/queries/pairings.ts";
import { expirePairings } from "./expire-pairings.ts";
import { limitGuesses } from "./limit-guesses.ts";
import type { OperationDeps } from "./operation.ts";
import type { Refused } from "./refused.ts";

export interface CodeAttempt {
  readonly code: string;
  /** Whose wrong codes are counted together. */
  readonly by: string;
  /** A request of a person, or the link printed for the owner. */
  readonly of: "person" | "owner";
}

export type FoundPairing =
  | { readonly status: "found"; readonly pairing: PairingRow; readonly seen: readonly Seen[] }
  | Refused;

/** The request behind a code, whatever has become of it. Refused: an unknown code, and too many of those. */
export async function findPairing(
  deps: OperationDeps,
  { code, by, of }: CodeAttempt,
): Promise<FoundPairing> {
  const limit = await limitGuesses(deps, by);
  if (limit.error !== undefined) return refused(limit.error);
  const pairing = await deps.store.first(pairingByCodeHash, { codeHash: hashCode(code) });
  if (pairing === undefined || (pairing.external_user_id === null) !== (of === "owner")) {
    return { ...refused(unknownCode(of)), effects: [limit.count] };
  }
  const seen: Seen = { table: "pairings", id: pairing.id, version: pairing.version };
  return { status: "found", pairing, seen: [seen] };
}

/**
 * The open request behind a code. Refused besides: one that was decided, and one that ran out, which is recorded.
 */
export async function findPendingPairing(
  deps: OperationDeps,
  attempt: CodeAttempt,
): Promise<FoundPairing> {
  const found = await findPairing(deps, attempt);
  if (found.status === "refused") return found;
  const { pairing } = found;
  const again = AGAIN[attempt.of];
  if (pairing.status !== "pending") {
    return refused(
      new AppError("conflict", `This pairing code was ${whySpent(pairing)}. ${again}`),
    );
  }
  if (pairing.expires_at_ms > deps.now) return found;
  const error = new AppError(
    "conflict",
    `This pairing code ran out at ${minuteOf(pairing.expires_at_ms)} UTC. ${again}`,
  );
  return { ...expirePairings([pairing], "not used in time"), status: "refused", error };
}

const AGAIN = {
  person: "The person can ask again with /pair.",
  owner: "Send /pair alone to ask for access. Whoever runs me can print a new link for the owner.",
} as const;

function refused(error: AppError): Refused {
  return { status: "refused", error, effects: [], seen: [] };
}

/** There is no such code, or it is not for this: the two must look alike. */
export function unknownCode(of: CodeAttempt["of"]): AppError {
  return new AppError("not_found", `I do not know this pairing code. Check it. ${AGAIN[of]}`);
}

function whySpent(pairing: PairingRow): string {
  switch (pairing.status) {
    case "approved":
      return "used already";
    case "denied":
      return "denied";
    default:
      return whyExpired(pairing);
  }
}

/** Why a code ended that nobody used. */
export function whyExpired({ reason }: Pick<PairingRow, "reason">): string {
  return reason ?? "not used in time";
}

/** `14:05` */
function minuteOf(atMs: EpochMs): string {
  return toIso(atMs).slice(11, 16);
}
