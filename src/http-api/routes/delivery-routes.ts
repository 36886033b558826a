import {
  type DeliveryPage,
  type DeliveryView,
  deliveryPage,
  deliveryQuery,
  dropDeliveryRequest,
  type MovedDelivery,
  movedDelivery,
  replayDeliveryRequest,
} from "../../client/shapes/delivery.ts";
import { unixSeconds } from "../../client/shapes/instant.ts";
import { toIso } from "../../core/clock.ts";
import { dropDelivery } from "../../operations/drop-delivery.ts";
import { findDelivery } from "../../operations/find-delivery.ts";
import { listDeliveries } from "../../operations/list-deliveries.ts";
import { replayDelivery } from "../../operations/replay-delivery.ts";
import { commitDecision } from "../../store/commit-decision.ts";
import type { DeliverySummary } from "../../store/queries/deliveries.ts";
import { route } from "../route.ts";

const list = route({
  method: "get",
  path: "/api/v1/deliveries",
  summary: "Replies on their way and those that could not be delivered, newest first.",
  permission: "manage:deliveries",
  query: deliveryQuery,
  responses: { 200: { description: "A page of them.", schema: deliveryPage } },
  async handle({ context, actor, query }, { store, clock }) {
    const { context_id: contextId, ...rest } = query;
    const page = await listDeliveries({ store, now: clock.now() }, actor, { ...rest, contextId });
    const answer: DeliveryPage = {
      items: page.items.map(toDeliveryView),
      count: page.items.length,
      next_cursor: page.nextCursor,
    };
    return context.json(answer);
  },
});

function toDeliveryView(row: DeliverySummary): DeliveryView {
  return {
    id: row.id,
    context_id: row.context_id,
    connector: row.connector,
    external_id: row.external_id,
    // Where nobody gave it a name its id stands for one.
    context_title: row.context_title === row.external_id ? "" : row.context_title,
    kind: row.kind,
    state: row.state,
    parts_sent: row.parts_sent,
    is_marked: row.marked === 1,
    error: row.error ?? "",
    dropped_by: row.dropped_by ?? "",
    drop_reason: row.drop_reason ?? "",
    message_id: row.message_id ?? "",
    run_id: row.run_id ?? "",
    task_id: row.task_id ?? "",
    created_at_unix: unixSeconds(row.created_at_ms),
    created_at: toIso(row.created_at_ms),
    updated_at_unix: unixSeconds(row.updated_at_ms),
    updated_at: toIso(row.updated_at_ms),
  };
}

const replay = route({
  method: "post",
  path: "/api/v1/deliveries/replay",
  summary: "Sends a dead delivery again; what may have arrived already is marked.",
  permission: "manage:deliveries",
  body: replayDeliveryRequest,
  responses: { 202: { description: "It is queued.", schema: movedDelivery } },
  async handle({ context, actor, body }, deps) {
    const { store, clock } = deps;
    const { row } = await findDelivery({ store, now: clock.now() }, actor, body.delivery_id);
    // With its own cause, so that `explain` tells of it too.
    const step = { name: "replay-delivery", actor: actor.id, cause: row.cause };
    const { deliveryId, state } = await commitDecision(deps, step, (now) =>
      replayDelivery({ store, now }, actor, { delivery: row.id }),
    );
    const answer: MovedDelivery = { delivery_id: deliveryId, state };
    return context.json(answer, 202);
  },
});

const drop = route({
  method: "post",
  path: "/api/v1/deliveries/drop",
  summary: "Gives a dead delivery up for good; who did and why stays with it.",
  permission: "manage:deliveries",
  body: dropDeliveryRequest,
  responses: { 200: { description: "It is dropped.", schema: movedDelivery } },
  async handle({ context, actor, body }, deps) {
    const { store, clock } = deps;
    const { row } = await findDelivery({ store, now: clock.now() }, actor, body.delivery_id);
    const step = { name: "drop-delivery", actor: actor.id, cause: row.cause };
    const { deliveryId } = await commitDecision(deps, step, (now) =>
      dropDelivery({ store, now }, actor, { delivery: row.id, reason: body.reason }),
    );
    const answer: MovedDelivery = { delivery_id: deliveryId, state: "dropped" };
    return context.json(answer);
  },
});

export const deliveryRoutes = [list, replay, drop];
