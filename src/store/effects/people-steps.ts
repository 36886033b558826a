import { type SqlBool, sql } from "kysely";
import type { EpochMs } from "../../core/clock.ts";
import type { EffectOf } from "../../core/effect/effect.ts";
import { nameKeyOf } from "../../core/name-key.ts";
import { statement } from "../statement.ts";
import type {
  ContextsTable,
  FormerAddressesTable,
  IdentitiesTable,
  LoginCodesTable,
  SessionsTable,
  UsersTable,
  WorkspacesTable,
} from "../tables/people.ts";
import type { CommitFacts } from "./commit-facts.ts";
import { type CompiledEffect, check, write } from "./step.ts";

const insertWorkspace = statement((db, p: WorkspacesTable) =>
  db
    .insertInto("workspaces")
    .values({
      id: p.id,
      name: p.name,
      name_key: p.name_key,
      owner_user_id: p.owner_user_id,
      created_at_ms: p.created_at_ms,
    })
    .onConflict((oc) => oc.column("name_key").doNothing()),
);
type NewContext = Pick<
  ContextsTable,
  | "id"
  | "workspace_id"
  | "connector"
  | "account"
  | "external_id"
  | "kind"
  | "title"
  | "prompt"
  | "addressing"
  | "is_triaged"
  | "created_at_ms"
>;
const insertContext = statement((db, p: NewContext) =>
  db
    .insertInto("contexts")
    .values((eb) => ({
      id: p.id,
      workspace_id: p.workspace_id,
      connector: p.connector,
      account: p.account,
      external_id: p.external_id,
      kind: p.kind,
      title: p.title,
      is_admin: eb.lit(0),
      is_hub: eb.lit(0),
      admin_user_id: null,
      prompt: p.prompt,
      addressing: p.addressing,
      is_triaged: p.is_triaged,
      created_at_ms: p.created_at_ms,
      version: eb.lit(1),
    }))
    .onConflict((oc) => oc.columns(["connector", "account", "external_id"]).doNothing()),
);
/** A chat that has left an address has it for good. */
const nobodyLeft = statement((db, p: Omit<FormerAddressesTable, "context_id">) =>
  db
    .selectNoFrom((eb) => eb.lit(1).as("is_free"))
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("former_addresses")
            .select("context_id")
            .where("connector", "=", p.connector)
            .where("account", "=", p.account)
            .where("external_id", "=", p.external_id),
        ),
      ),
    ),
);
const moveContext = statement((db, p: { id: string; workspaceId: string }) =>
  db
    .updateTable("contexts")
    .set((eb) => ({ workspace_id: p.workspaceId, version: eb("version", "+", eb.lit(1)) }))
    .where("id", "=", p.id),
);
const insertUser = statement((db, p: Omit<UsersTable, "version">) =>
  db.insertInto("users").values((eb) => ({
    id: p.id,
    display_name: p.display_name,
    role: p.role,
    workspace_id: p.workspace_id,
    created_at_ms: p.created_at_ms,
    version: eb.lit(1),
  })),
);
const insertIdentity = statement((db, p: Omit<IdentitiesTable, "version">) =>
  db
    .insertInto("identities")
    .values((eb) => ({
      id: p.id,
      user_id: p.user_id,
      connector: p.connector,
      external_user_id: p.external_user_id,
      display_name: p.display_name,
      created_at_ms: p.created_at_ms,
      version: eb.lit(1),
    }))
    .onConflict((oc) => oc.columns(["connector", "external_user_id"]).doNothing()),
);
const insertLoginCode = statement((db, p: Omit<LoginCodesTable, "used_at_ms">) =>
  db
    .insertInto("login_codes")
    .values({ code_hash: p.code_hash, user_id: p.user_id, expires_at_ms: p.expires_at_ms }),
);
const useLoginCode = statement((db, p: { codeHash: string; now: number }) =>
  db
    .updateTable("login_codes")
    .set({ used_at_ms: p.now })
    .where("code_hash", "=", p.codeHash)
    .where("used_at_ms", "is", null)
    .where("expires_at_ms", ">", p.now),
);
const insertSession = statement((db, p: SessionsTable) =>
  db.insertInto("sessions").values({
    token_hash: p.token_hash,
    user_id: p.user_id,
    created_at_ms: p.created_at_ms,
    expires_at_ms: p.expires_at_ms,
  }),
);
const deleteSession = statement((db, p: { tokenHash: string }) =>
  db.deleteFrom("sessions").where("token_hash", "=", p.tokenHash),
);
const countOne = statement(
  (db, p: { key: string; now: EpochMs; overMs: EpochMs; limit: number }) => {
    // A window that opens later than now was opened before the clock was set back.
    const start = sql.ref("counters.window_start_ms");
    const isOver = sql<SqlBool>`(${start} <= ${p.overMs} or ${start} > ${p.now})`;
    return db
      .insertInto("counters")
      .values((eb) => ({ key: p.key, window_start_ms: p.now, count: eb.lit(1) }))
      .onConflict((oc) =>
        oc
          .column("key")
          .doUpdateSet((eb) => ({
            window_start_ms: eb
              .case()
              .when(isOver)
              .then(eb.ref("excluded.window_start_ms"))
              .else(eb.ref("counters.window_start_ms"))
              .end(),
            count: eb
              .case()
              .when(isOver)
              .then(eb.lit(1))
              .else(eb("counters.count", "+", eb.lit(1)))
              .end(),
          }))
          .where((eb) => eb.or([eb("counters.count", "<", p.limit), isOver])),
      );
  },
);

export const peopleSteps = {
  "create-workspace": (e: EffectOf<"create-workspace">, { now }: CommitFacts): CompiledEffect => ({
    steps: [
      write(insertWorkspace, {
        id: e.id,
        name: e.name,
        name_key: e.isNameChosen === true ? nameKeyOf(e.name) : null,
        owner_user_id: e.ownerUserId,
        created_at_ms: now,
      }),
    ],
    changes: [{ topic: "workspaces", id: e.id }],
  }),
  "create-context": (e: EffectOf<"create-context">, { now }: CommitFacts): CompiledEffect => ({
    steps: [
      check(nobodyLeft, {
        connector: e.address.connector,
        account: e.address.account,
        external_id: e.address.externalId,
      }),
      write(insertContext, {
        id: e.id,
        workspace_id: e.workspaceId,
        connector: e.address.connector,
        account: e.address.account,
        external_id: e.address.externalId,
        kind: e.kind,
        title: e.title,
        prompt: e.holds?.prompt ?? null,
        addressing: e.holds?.addressing ?? null,
        is_triaged: e.holds?.isTriaged === true ? 1 : 0,
        created_at_ms: now,
      }),
    ],
    changes: [{ topic: "contexts", id: e.id }],
  }),
  "move-context": (e: EffectOf<"move-context">): CompiledEffect => ({
    steps: [write(moveContext, { id: e.id, workspaceId: e.workspaceId })],
    changes: [{ topic: "contexts", id: e.id }],
  }),
  "create-user": (e: EffectOf<"create-user">, { now }: CommitFacts): CompiledEffect => ({
    steps: [
      write(insertUser, {
        id: e.id,
        display_name: e.displayName,
        role: e.role,
        workspace_id: e.workspaceId,
        created_at_ms: now,
      }),
    ],
    changes: [{ topic: "users", id: e.id }],
  }),
  "link-identity": (e: EffectOf<"link-identity">, { now }: CommitFacts): CompiledEffect => ({
    steps: [
      write(insertIdentity, {
        id: e.id,
        user_id: e.userId,
        connector: e.connector,
        external_user_id: e.externalUserId,
        display_name: e.displayName,
        created_at_ms: now,
      }),
    ],
    changes: [{ topic: "users", id: e.userId }],
  }),
  "create-login-code": (e: EffectOf<"create-login-code">): CompiledEffect => ({
    steps: [
      write(insertLoginCode, {
        code_hash: e.codeHash,
        user_id: e.userId,
        expires_at_ms: e.expiresAtMs,
      }),
    ],
    changes: [],
  }),
  "use-login-code": (e: EffectOf<"use-login-code">, { now }: CommitFacts): CompiledEffect => ({
    steps: [write(useLoginCode, { codeHash: e.codeHash, now }, { refuse: "login_code_used" })],
    changes: [],
  }),
  "create-session": (e: EffectOf<"create-session">, { now }: CommitFacts): CompiledEffect => ({
    steps: [
      write(insertSession, {
        token_hash: e.tokenHash,
        user_id: e.userId,
        created_at_ms: now,
        expires_at_ms: e.expiresAtMs,
      }),
    ],
    changes: [],
  }),
  "end-session": (e: EffectOf<"end-session">): CompiledEffect => ({
    steps: [write(deleteSession, { tokenHash: e.tokenHash }, "ignore")],
    changes: [],
  }),
  count: (e: EffectOf<"count">, { now }: CommitFacts): CompiledEffect => ({
    steps: [
      write(
        countOne,
        { key: e.key, now, overMs: now - e.windowMs, limit: e.limit },
        { refuse: "counter_full" },
      ),
    ],
    changes: [],
  }),
};
