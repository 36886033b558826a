import { CODE_VALID_MS, newLinkCode } from "../core/access/one-time-code.ts";
import type { EpochMs } from "../core/clock.ts";
import type { Decision } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { AppError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import type { ConnectorName } from "../core/message/inbound-message.ts";
import { pendingOwnerLinks } from "../store/queries/pairings.ts";
import { ownerUser } from "../store/queries/people.ts";
import { expirePairings } from "./expire-pairings.ts";
import type { OperationDeps } from "./operation.ts";

export interface OwnerLink extends Decision {
  /** For `t.me/<bot>?start=CODE`; shown once. Whoever uses it first becomes the owner there. */
  readonly code: string;
  readonly expiresAtMs: EpochMs;
}

/**
 * A link that pairs one identity of a connector with the machine's owner. Only for the machine's own terminal: it asks
 * for no permission. A new one ends those before.
 * @throws AppError `not_found` before there is an owner.
 */
export async function createOwnerLink(
  { store, now }: OperationDeps,
  input: { readonly connector: ConnectorName },
): Promise<OwnerLink> {
  const owner = await store.first(ownerUser, {});
  if (owner === undefined) throw new AppError("not_found", "There is no owner yet.");
  const older = await store.all(pendingOwnerLinks, { connector: input.connector });
  const { code, hash, hint } = newLinkCode();
  const expiresAtMs = now + CODE_VALID_MS;
  const replaced = expirePairings(older, "replaced by a newer link");
  const create: Effect = {
    type: "create-pairing",
    id: newId("pair"),
    codeHash: hash,
    codeHint: hint,
    connector: input.connector,
    externalUserId: null,
    displayName: owner.display_name,
    contextId: null,
    userId: owner.id,
    role: owner.role,
    slot: null,
    expiresAtMs,
  };
  return {
    effects: [...replaced.effects, create],
    seen: [...replaced.seen, { table: "users", id: owner.id, version: owner.version }],
    code,
    expiresAtMs,
  };
}
