import type { EpochMs } from "../core/clock.ts";
import type { MailHead } from "../core/delivery/mail.ts";
import type { Effect } from "../core/effect/effect.ts";
import { reviseMailCard } from "../operations/revise-mail-card.ts";
import type { DeliveryRow } from "../store/queries/deliveries.ts";
import type { Reader } from "../store/store.ts";

/** What can no longer be taken back loses the button for it. The first recipient's delivery does it for all. */
export async function endWaitingMail(
  store: Reader,
  row: DeliveryRow,
  now: EpochMs,
): Promise<readonly Effect[]> {
  if (row.mail === null) return [];
  const head = JSON.parse(row.mail) as MailHead;
  return await reviseMailCard({ store, now }, head, "Too late to take back");
}
