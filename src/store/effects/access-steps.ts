import type { EffectOf } from "../../core/effect/effect.ts";
import { anotherOverlord } from "../queries/overlords.ts";
import { statement } from "../statement.ts";
import type { ApiKeysTable, UsersTable } from "../tables/people.ts";
import type { CommitFacts } from "./commit-facts.ts";
import { type CompiledEffect, type Step, write } from "./step.ts";

const insertKey = statement(
  (db, p: Omit<ApiKeysTable, "revoked_by" | "last_used_at_ms" | "revoked_at_ms">) =>
    db
      .insertInto("api_keys")
      .values({
        id: p.id,
        user_id: p.user_id,
        name: p.name,
        prefix: p.prefix,
        key_hash: p.key_hash,
        created_by: p.created_by,
        created_at_ms: p.created_at_ms,
      })
      .onConflict((oc) => oc.doNothing()),
);
const revokeKey = statement(
  (db, p: { id: string; userId: string; revokedBy: string; now: number }) =>
    db
      .updateTable("api_keys")
      .set({ revoked_at_ms: p.now, revoked_by: p.revokedBy })
      .where("id", "=", p.id)
      .where("user_id", "=", p.userId)
      .where("revoked_at_ms", "is", null),
);
const touchKey = statement((db, p: { id: string; ifBeforeMs: number; now: number }) =>
  db
    .updateTable("api_keys")
    .set({ last_used_at_ms: p.now })
    .where("id", "=", p.id)
    .where("revoked_at_ms", "is", null)
    .where((eb) =>
      eb.or([eb("last_used_at_ms", "is", null), eb("last_used_at_ms", "<", p.ifBeforeMs)]),
    ),
);
/** Whatever was decided by what this user may do has to be decided again. */
const newVersion = statement((db, p: { userId: string }) =>
  db
    .updateTable("users")
    .set((eb) => ({ version: eb("version", "+", eb.lit(1)) }))
    .where("id", "=", p.userId),
);
const deleteIdentities = statement((db, p: { userId: string }) =>
  db.deleteFrom("identities").where("user_id", "=", p.userId),
);
const deleteIdentity = statement((db, p: { id: string; userId: string }) =>
  db.deleteFrom("identities").where("id", "=", p.id).where("user_id", "=", p.userId),
);
const deleteSessions = statement((db, p: { userId: string }) =>
  db.deleteFrom("sessions").where("user_id", "=", p.userId),
);
const deleteLoginCodes = statement((db, p: { userId: string }) =>
  db.deleteFrom("login_codes").where("user_id", "=", p.userId),
);
const setRole = statement(
  (db, p: { userId: string; fromVersion: number; role: UsersTable["role"] }) =>
    db
      .updateTable("users")
      .set((eb) => ({ role: p.role, version: eb("version", "+", eb.lit(1)) }))
      .where("id", "=", p.userId)
      .where("version", "=", p.fromVersion)
      .where((eb) =>
        eb.or([
          eb("users.role", "!=", "overlord"),
          eb(eb.cast<string>(eb.val(p.role), "text"), "=", "overlord"),
          eb.exists(anotherOverlord(db, p.userId)),
        ]),
      ),
);
/** After its identity is gone: an overlord who has no other one must not have been the last. */
const leaveBehind = statement((db, p: { userId: string; fromVersion: number }) =>
  db
    .updateTable("users")
    .set((eb) => ({ version: eb("version", "+", eb.lit(1)) }))
    .where("id", "=", p.userId)
    .where("version", "=", p.fromVersion)
    .where((eb) =>
      eb.or([
        eb("users.role", "!=", "overlord"),
        eb.exists(
          eb.selectFrom("identities").select("identities.id").where("user_id", "=", p.userId),
        ),
        eb.exists(anotherOverlord(db, p.userId)),
      ]),
    ),
);

function endSessionsOf(userId: string): readonly Step[] {
  return [
    write(deleteSessions, { userId }, "ignore"),
    write(deleteLoginCodes, { userId }, "ignore"),
  ];
}

export const accessSteps = {
  "create-key": (e: EffectOf<"create-key">, { now }: CommitFacts): CompiledEffect => ({
    steps: [
      write(insertKey, {
        id: e.id,
        user_id: e.userId,
        name: e.name,
        prefix: e.prefix,
        key_hash: e.hash,
        created_by: e.createdBy,
        created_at_ms: now,
      }),
    ],
    changes: [{ topic: "keys", id: e.id }],
  }),
  "revoke-key": (e: EffectOf<"revoke-key">, { now }: CommitFacts): CompiledEffect => ({
    steps: [
      write(revokeKey, { id: e.id, userId: e.userId, revokedBy: e.revokedBy, now }),
      write(newVersion, { userId: e.userId }),
      write(deleteIdentities, { userId: e.userId }, "ignore"),
      ...endSessionsOf(e.userId),
    ],
    changes: [
      { topic: "keys", id: e.id },
      { topic: "users", id: e.userId },
    ],
  }),
  "touch-key": (e: EffectOf<"touch-key">, { now }: CommitFacts): CompiledEffect => ({
    steps: [write(touchKey, { id: e.id, ifBeforeMs: e.ifBeforeMs, now }, "ignore")],
    changes: [{ topic: "keys", id: e.id }],
  }),
  "set-role": (e: EffectOf<"set-role">): CompiledEffect => ({
    steps: [write(setRole, { userId: e.userId, fromVersion: e.fromVersion, role: e.role })],
    changes: [{ topic: "users", id: e.userId }],
  }),
  "unlink-identity": (e: EffectOf<"unlink-identity">): CompiledEffect => ({
    steps: [
      write(deleteIdentity, { id: e.id, userId: e.userId }),
      write(leaveBehind, { userId: e.userId, fromVersion: e.fromVersion }),
      ...endSessionsOf(e.userId),
    ],
    changes: [{ topic: "users", id: e.userId }],
  }),
};
