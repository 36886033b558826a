import { unixSeconds } from "../client/shapes/instant.ts";
import type { PairingView } from "../client/shapes/pairing.ts";
import { type EpochMs, toIso } from "../core/clock.ts";
import { whyExpired } from "../operations/find-pending-pairing.ts";
import type { PairingRow } from "../store/queries/pairings.ts";

/** A request to be let in, as the API shows it at `now`: time ends it also before anybody has recorded that. */
export function toPairingView(row: PairingRow, now: EpochMs): PairingView {
  const isOver = row.status === "pending" && row.expires_at_ms <= now;
  const status = isOver ? "expired" : row.status;
  return {
    id: row.id,
    token_hint: row.code_hint,
    ...toRequester(row),
    status,
    approved_user_id: row.status === "approved" ? (row.user_id ?? "") : "",
    approver_user_id: row.approver_user_id ?? "",
    denied_reason: row.status === "denied" ? (row.reason ?? "") : "",
    expired_reason: status === "expired" ? whyExpired(row) : "",
    created_at_unix: unixSeconds(row.created_at_ms),
    created_at: toIso(row.created_at_ms),
    expires_at_unix: unixSeconds(row.expires_at_ms),
    expires_at: toIso(row.expires_at_ms),
  };
}

/** Who asks. */
export function toRequester(row: PairingRow) {
  return {
    connector: row.connector,
    connector_user_id: row.external_user_id ?? "",
    display_name: row.display_name,
  };
}
