import { hashCode } from "../core/access/one-time-code.ts";
import type { Role } from "../core/access/role.ts";
import type { EpochMs } from "../core/clock.ts";
import type { Decision } from "../core/effect/commit.ts";
import { AppError } from "../core/errors.ts";
import { randomBase32, sha256Hex } from "../core/ids.ts";
import { loginCodeByHash } from "../store/queries/sessions.ts";
import type { OperationDeps } from "./operation.ts";

const SESSION_MS = 30 * 24 * 60 * 60_000;
const TOKEN_LENGTH = 40;

export interface OpenedSession extends Decision {
  /** The secret of the cookie; only its SHA-256 is kept. */
  readonly token: string;
  readonly expiresAtMs: EpochMs;
  readonly user: { readonly id: string; readonly displayName: string; readonly role: Role };
}

/** Trades a login code for a session of 30 days. @throws AppError `unauthenticated` when it is unknown, used or expired. */
export async function useLoginCode(
  { store, now }: OperationDeps,
  input: { readonly code: string },
): Promise<OpenedSession> {
  const codeHash = hashCode(input.code);
  const row = await store.first(loginCodeByHash, { codeHash });
  if (row === undefined || row.used_at_ms !== null || row.expires_at_ms <= now) {
    throw new AppError(
      "unauthenticated",
      "This login link was used or has expired. Make another with `agent-runtime login`.",
    );
  }
  const token = randomBase32(TOKEN_LENGTH);
  const expiresAtMs = now + SESSION_MS;
  return {
    effects: [
      { type: "use-login-code", codeHash },
      { type: "create-session", tokenHash: sha256Hex(token), userId: row.user_id, expiresAtMs },
    ],
    seen: [{ table: "users", id: row.user_id, version: row.user_version }],
    token,
    expiresAtMs,
    user: { id: row.user_id, displayName: row.display_name, role: row.role },
  };
}
