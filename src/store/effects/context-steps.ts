import type { EffectOf } from "../../core/effect/effect.ts";
import { statement } from "../statement.ts";
import type { ContextsTable, FormerAddressesTable } from "../tables/people.ts";
import { type CompiledEffect, write } from "./step.ts";

const relocateContext = statement(
  (db, p: { id: string; fromExternalId: string; toExternalId: string }) =>
    db
      .updateTable("contexts")
      .set((eb) => ({ external_id: p.toExternalId, version: eb("version", "+", eb.lit(1)) }))
      .where("id", "=", p.id)
      .where("external_id", "=", p.fromExternalId)
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom("contexts as there")
              .select("there.id")
              .whereRef("there.connector", "=", "contexts.connector")
              .whereRef("there.account", "=", "contexts.account")
              .where("there.external_id", "=", p.toExternalId),
          ),
        ),
      ),
);

const forwardAddress = statement((db, p: FormerAddressesTable) =>
  db
    .insertInto("former_addresses")
    .values({
      connector: p.connector,
      account: p.account,
      external_id: p.external_id,
      context_id: p.context_id,
    })
    .onConflict((oc) => oc.columns(["connector", "account", "external_id"]).doNothing()),
);

type Changed = Pick<
  ContextsTable,
  | "id"
  | "workspace_id"
  | "is_admin"
  | "is_hub"
  | "admin_user_id"
  | "prompt"
  | "addressing"
  | "is_triaged"
>;
const changeContext = statement((db, p: Changed & { fromVersion: number }) =>
  db
    .updateTable("contexts")
    .set((eb) => ({
      workspace_id: p.workspace_id,
      is_admin: p.is_admin,
      is_hub: p.is_hub,
      admin_user_id: p.admin_user_id,
      prompt: p.prompt,
      addressing: p.addressing,
      is_triaged: p.is_triaged,
      version: eb("version", "+", eb.lit(1)),
    }))
    .where("id", "=", p.id)
    .where("version", "=", p.fromVersion),
);

export const contextSteps = {
  "change-context": (e: EffectOf<"change-context">): CompiledEffect => ({
    steps: [
      write(changeContext, {
        id: e.id,
        fromVersion: e.fromVersion,
        workspace_id: e.workspaceId,
        is_admin: e.supervision === null ? 0 : 1,
        is_hub: e.supervision?.of === "hub" ? 1 : 0,
        admin_user_id: e.supervision?.userId ?? null,
        prompt: e.prompt,
        addressing: e.addressing,
        is_triaged: e.isTriaged ? 1 : 0,
      }),
    ],
    changes: [{ topic: "contexts", id: e.id }],
  }),

  "relocate-context": ({
    id,
    fromExternalId,
    toExternalId,
  }: EffectOf<"relocate-context">): CompiledEffect => ({
    steps: [write(relocateContext, { id, fromExternalId, toExternalId })],
    changes: [{ topic: "contexts", id }],
  }),

  "forward-address": ({ address, contextId }: EffectOf<"forward-address">): CompiledEffect => ({
    steps: [
      write(
        forwardAddress,
        {
          connector: address.connector,
          account: address.account,
          external_id: address.externalId,
          context_id: contextId,
        },
        "ignore",
      ),
    ],
    changes: [],
  }),
};
