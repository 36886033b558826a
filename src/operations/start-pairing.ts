import { CODE_VALID_MS, newTypedCode } from "../core/access/one-time-code.ts";
import type { EpochMs } from "../core/clock.ts";
import type { Decision } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { AppError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import type { ConnectorName } from "../core/message/inbound-message.ts";
import { pendingPairingsOf } from "../store/queries/pairings.ts";
import { personByExternalId } from "../store/queries/people.ts";
import { expirePairings } from "./expire-pairings.ts";
import type { OperationDeps } from "./operation.ts";

export interface StartPairingInput {
  readonly connector: ConnectorName;
  /** As the platform vouches for it. */
  readonly externalUserId: string;
  readonly displayName: string;
  /** The private conversation that becomes theirs. */
  readonly contextId: string;
}

export interface StartedPairing extends Decision {
  /** Shown once; only its hash is kept. */
  readonly code: string;
  readonly expiresAtMs: EpochMs;
}

/**
 * A request to be let in, for an admin to approve within ten minutes. A new one ends the one before.
 * @throws AppError `conflict` when the person is paired already.
 */
export async function startPairing(
  { store, now }: OperationDeps,
  input: StartPairingInput,
): Promise<StartedPairing> {
  const { connector, externalUserId } = input;
  if ((await store.first(personByExternalId, { connector, externalUserId })) !== undefined) {
    throw new AppError("conflict", "You are paired already.");
  }
  const older = await store.all(pendingPairingsOf, { connector, externalUserId });
  const { code, hash, hint } = newTypedCode();
  const expiresAtMs = now + CODE_VALID_MS;
  const replaced = expirePairings(older, "replaced by a newer request");
  const create: Effect = {
    type: "create-pairing",
    id: newId("pair"),
    codeHash: hash,
    codeHint: hint,
    connector,
    externalUserId,
    displayName: input.displayName,
    contextId: input.contextId,
    userId: null,
    role: null,
    expiresAtMs,
  };
  return { effects: [...replaced.effects, create], seen: replaced.seen, code, expiresAtMs };
}
