import { CODE_VALID_MS, newLinkCode } from "../core/access/one-time-code.ts";
import type { EpochMs } from "../core/clock.ts";
import type { Decision } from "../core/effect/commit.ts";
import { AppError } from "../core/errors.ts";
import { linkedUserById } from "../store/queries/people.ts";
import type { OperationDeps } from "./operation.ts";

export interface LoginCode extends Decision {
  /** Shown once; only its hash is kept. */
  readonly code: string;
  readonly expiresAtMs: EpochMs;
}

/**
 * A code that opens the page once, within ten minutes, as `userId`: always the caller's own user, or the owner for the
 * machine's own terminal. @throws AppError `not_found` when there is no such user.
 */
export async function createLoginCode(
  { store, now }: OperationDeps,
  input: { readonly userId: string },
): Promise<LoginCode> {
  const user = await store.first(linkedUserById, { id: input.userId });
  if (user === undefined) throw new AppError("not_found", "There is no such user.");
  const { code, hash } = newLinkCode();
  const expiresAtMs = now + CODE_VALID_MS;
  return {
    effects: [{ type: "create-login-code", codeHash: hash, userId: user.id, expiresAtMs }],
    seen: [{ table: "users", id: user.id, version: user.version }],
    code,
    expiresAtMs,
  };
}
