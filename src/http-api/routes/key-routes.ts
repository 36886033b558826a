import { unixSeconds } from "../../client/shapes/instant.ts";
import {
  type CreatedKey,
  createdKey,
  createKeyRequest,
  type KeyPage,
  type KeyView,
  keyPage,
  keyQuery,
  type RevokedKey,
  revokedKey,
  revokeKeyRequest,
} from "../../client/shapes/key.ts";
import { toIso } from "../../core/clock.ts";
import { newId } from "../../core/ids.ts";
import { createKey } from "../../operations/create-key.ts";
import { listKeys } from "../../operations/list-keys.ts";
import { revokeKey } from "../../operations/revoke-key.ts";
import { commitDecision } from "../../store/commit-decision.ts";
import type { KeyRow } from "../../store/queries/api-keys.ts";
import { route } from "../route.ts";

const list = route({
  method: "get",
  path: "/api/v1/keys",
  summary:
    "The keys of the API, the newest first, revoked ones too, a page at a time; never what is secret of them.",
  permission: "manage:access",
  query: keyQuery,
  responses: { 200: { description: "A page of them.", schema: keyPage } },
  async handle({ context, actor, query }, { store, clock }) {
    const page = await listKeys({ store, now: clock.now() }, actor, query);
    const answer: KeyPage = {
      items: page.items.map(toKeyView),
      count: page.items.length,
      next_cursor: page.nextCursor,
    };
    return context.json(answer);
  },
});

function toKeyView(row: KeyRow): KeyView {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    prefix: row.prefix,
    status: row.revoked_at_ms === null ? "active" : "revoked",
    created_by: row.created_by,
    created_at_unix: unixSeconds(row.created_at_ms),
    created_at: toIso(row.created_at_ms),
    last_used_at_unix: unixSeconds(row.last_used_at_ms),
    last_used_at: toIsoOrNull(row.last_used_at_ms),
    revoked_at_unix: unixSeconds(row.revoked_at_ms),
    revoked_at: toIsoOrNull(row.revoked_at_ms),
  };
}

function toIsoOrNull(atMs: number | null): string | null {
  return atMs === null ? null : toIso(atMs);
}

const create = route({
  method: "post",
  path: "/api/v1/keys",
  summary: "Makes a key with a role; the answer is the only time it is shown.",
  permission: "manage:access",
  body: createKeyRequest,
  responses: { 201: { description: "The key.", schema: createdKey } },
  async handle({ context, actor, body }, deps) {
    const step = { name: "create-key", actor: actor.id, cause: newId("commit") };
    const { keyId, key, prefix, name, role } = await commitDecision(deps, step, (now) =>
      createKey({ store: deps.store, now }, actor, body),
    );
    const answer: CreatedKey = { id: keyId, key, prefix, name, role };
    return context.json(answer, 201);
  },
});

const revoke = route({
  method: "post",
  path: "/api/v1/keys/revoke",
  summary: "Ends a key at once, with every page it opened.",
  permission: "manage:access",
  body: revokeKeyRequest,
  responses: { 200: { description: "It is revoked.", schema: revokedKey } },
  async handle({ context, actor, body }, deps) {
    const step = { name: "revoke-key", actor: actor.id, cause: newId("commit") };
    const { keyId, prefix, name } = await commitDecision(deps, step, (now) =>
      revokeKey({ store: deps.store, now }, actor, { key: body.key_id }),
    );
    const answer: RevokedKey = { id: keyId, prefix, name };
    return context.json(answer);
  },
});

export const keyRoutes = [list, create, revoke];
