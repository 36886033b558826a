import { CODE_VALID_MS, newTypedCode } from "../core/access/one-time-code.ts";
import type { EpochMs } from "../core/clock.ts";
import type { Decision } from "../core/effect/commit.ts";
import type { Effect, EffectOf } from "../core/effect/effect.ts";
import { AppError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import type { ConnectorName } from "../core/message/inbound-message.ts";
import { type PairingRow, pendingPairingsOf } from "../store/queries/pairings.ts";
import { personByExternalId } from "../store/queries/people.ts";
import { expirePairings } from "./expire-pairings.ts";
import type { OperationDeps } from "./operation.ts";

/** How many codes of one identity are good at a time; the store's guard is the unique slot. */
const SLOTS = [1, 2, 3] as const;

export interface StartPairingInput {
  readonly connector: ConnectorName;
  /** As the platform vouches for it. */
  readonly externalUserId: string;
  readonly displayName: string;
  /** The private conversation that becomes theirs; `null` when somebody asks for them. */
  readonly contextId: string | null;
  /** Ten minutes unless it is shorter. */
  readonly validMs?: number | undefined;
}

export interface StartedPairing extends Decision {
  /** Shown once; only its hash is kept. */
  readonly code: string;
  readonly pairing: EffectOf<"create-pairing">;
  readonly startedAtMs: EpochMs;
  readonly expiresAtMs: EpochMs;
}

/**
 * A request to be let in, for an admin to approve within ten minutes. Three of a person stand side by side; a fourth
 * ends the oldest. @throws AppError `conflict` when the person is paired already.
 */
export async function startPairing(
  { store, now }: OperationDeps,
  input: StartPairingInput,
): Promise<StartedPairing> {
  const { connector, externalUserId } = input;
  if ((await store.first(personByExternalId, { connector, externalUserId })) !== undefined) {
    const isOwnWish = input.contextId !== null;
    throw new AppError(
      "conflict",
      isOwnWish ? "You are paired already." : `${connector} ${externalUserId} is paired already.`,
    );
  }
  const open = await store.all(pendingPairingsOf, { connector, externalUserId });
  const { stale, replaced, slot } = findSlot(open, now);
  const { code, hash, hint } = newTypedCode();
  const expiresAtMs = now + Math.min(input.validMs ?? CODE_VALID_MS, CODE_VALID_MS);
  const ended = [
    expirePairings(stale, "not used in time"),
    expirePairings(replaced, "replaced by a newer request"),
  ];
  const pairing = {
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
    slot,
    expiresAtMs,
  } as const satisfies Effect;
  return {
    effects: [...ended.flatMap(({ effects }) => effects), pairing],
    seen: ended.flatMap(({ seen }) => seen),
    code,
    pairing,
    startedAtMs: now,
    expiresAtMs,
  };
}

/** A place among the open requests of one identity, and which of them make room for it. */
function findSlot(open: readonly PairingRow[], now: EpochMs) {
  const stale = open.filter((one) => one.expires_at_ms <= now);
  const live = open.filter((one) => one.expires_at_ms > now);
  const replaced = live.slice(0, Math.max(0, live.length - SLOTS.length + 1));
  const taken = live.slice(replaced.length).map((one) => one.slot);
  const slot = SLOTS.find((one) => !taken.includes(one)) ?? SLOTS[0];
  return { stale, replaced, slot };
}
