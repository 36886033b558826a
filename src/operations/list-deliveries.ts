import type { Actor } from "../core/access/actor.ts";
import type { DeliveryState } from "../core/delivery/delivery.ts";
import { type DeliverySummary, listDeliveries as listRows } from "../store/queries/deliveries.ts";
import { managedWorkspace } from "./find-delivery.ts";
import { authorize, type OperationDeps } from "./operation.ts";
import { parseCursor, toPage } from "./page.ts";

export interface ListDeliveriesInput {
  readonly state?: DeliveryState | undefined;
  readonly contextId?: string | undefined;
  /** 1 to 500. */
  readonly limit: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
}

export interface DeliveryPage {
  /** Newest first. */
  readonly items: readonly DeliverySummary[];
  /** `null` on the last page. */
  readonly nextCursor: string | null;
}

/**
 * Deliveries of the actor's workspace, from admin up of all, a page at a time; none of what was said in them.
 * @throws AppError `invalid_input` (cursor), `access_denied`.
 */
export async function listDeliveries(
  deps: OperationDeps,
  actor: Actor,
  { cursor, limit, ...filter }: ListDeliveriesInput,
): Promise<DeliveryPage> {
  const who = await authorize(deps, actor, "manage:deliveries");
  const rows = await listRows(deps.store, {
    ...filter,
    workspaceId: managedWorkspace(who),
    beforeSeq: parseCursor(cursor, "d"),
    limit: limit + 1,
  });
  return toPage(rows, limit, "d");
}
