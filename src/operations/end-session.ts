import type { Decision } from "../core/effect/commit.ts";
import { sha256Hex } from "../core/ids.ts";

/** Ends the session of a cookie. Ending one that is gone changes nothing. */
export function endSession(input: { readonly token: string }): Decision {
  return { effects: [{ type: "end-session", tokenHash: sha256Hex(input.token) }], seen: [] };
}
