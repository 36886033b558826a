import type { Actor } from "../core/access/actor.ts";
import { may } from "../core/access/permission.ts";
import { AppError } from "../core/errors.ts";
import { contextById } from "../store/queries/contexts.ts";
import {
  type DeliveryRow,
  deliveryById,
  findDeliveryIdsByTail,
} from "../store/queries/deliveries.ts";
import { type Authorized, authorize, type OperationDeps } from "./operation.ts";
import { cleanId, type Noun, notFound, onlyId, tailOf } from "./typed-id.ts";

const DELIVERY: Noun = { prefix: "dlv", name: "delivery" };

export interface FoundDelivery {
  readonly row: DeliveryRow;
  readonly who: Authorized;
}

/**
 * Finds a delivery the actor may manage by its id or any unique tail of six characters or more.
 * @throws AppError `invalid_input` (too short, or several end so), `not_found`, `access_denied`.
 */
export async function findDelivery(
  deps: OperationDeps,
  actor: Actor,
  text: string,
): Promise<FoundDelivery> {
  const who = await authorize(deps, actor, "manage:deliveries");
  const workspaceId = managedWorkspace(who);
  const typed = cleanId(text);
  const exact = await deps.store.first(deliveryById, { id: typed });
  if (exact !== undefined && (await isIn(deps, exact, workspaceId))) return { row: exact, who };
  const ids = await findDeliveryIdsByTail(deps.store, tailOf(typed, DELIVERY), workspaceId);
  const row = await deps.store.first(deliveryById, { id: onlyId(ids, DELIVERY, typed) });
  if (row === undefined) throw notFound(DELIVERY, typed);
  return { row, who };
}

/** The workspace whose deliveries a person may manage; `undefined`: from admin up, every one. */
export function managedWorkspace(who: Authorized): string | undefined {
  return may(who.role, "read:all") ? undefined : who.workspaceId;
}

async function isIn(
  { store }: OperationDeps,
  row: DeliveryRow,
  workspaceId: string | undefined,
): Promise<boolean> {
  if (workspaceId === undefined) return true;
  const context = await store.first(contextById, { id: row.context_id });
  return context?.workspace_id === workspaceId;
}

/** @throws AppError `conflict` that says how far it is. */
export function requireDeadDelivery(row: DeliveryRow, verb: "replayed" | "dropped"): void {
  if (row.state === "dead") return;
  throw new AppError("conflict", `Only a dead delivery can be ${verb}; ${row.id} is ${row.state}.`);
}
