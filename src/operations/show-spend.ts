import type { Actor } from "../core/access/actor.ts";
import { may } from "../core/access/permission.ts";
import type { SpendRules } from "../core/spend/spend-rules.ts";
import {
  askerScope,
  kindOfScope,
  type SpendScope,
  type SpendScopeKind,
  spendDay,
} from "../core/spend/spend-scope.ts";
import { keyOfUser } from "../store/queries/api-keys.ts";
import { contextById } from "../store/queries/contexts.ts";
import { userById } from "../store/queries/people.ts";
import { spendOf } from "../store/queries/spend.ts";
import {
  reservedNow,
  type SpendFilter,
  type SpendSum,
  spendBy,
  spendByWork,
  type WorkSpend,
} from "../store/queries/spend-sums.ts";
import type { Reader } from "../store/store.ts";
import { type Authorized, authorize, type OperationDeps } from "./operation.ts";

/** More would hardly be read. */
const MOST_WORK = 10;
const MOST_NAMES = 20;

export interface SpendInput {
  /** The conversation the question comes from, when it comes from one. */
  readonly askedInContextId: string | null;
  readonly rules: SpendRules;
}

/** How far a cap is used. Millionths of a dollar, all of them. */
export interface CapUse {
  readonly of: SpendScopeKind;
  readonly spentMicroUsd: number;
  readonly reservedMicroUsd: number;
  /** `null`: there is no cap. */
  readonly capMicroUsd: number | null;
  /** What people have allowed on top of it. */
  readonly raisedMicroUsd: number;
}

export interface SpendReport {
  /** In UTC: `2026-11-21`. */
  readonly day: string;
  /** Whose calls these are: everybody's, the asker's, those of the asker's workspace, those of the conversation. */
  readonly of: "all" | "own" | "workspace" | "conversation";
  readonly spentMicroUsd: number;
  readonly calls: number;
  /** Put aside at this moment for calls under way. */
  readonly reservedMicroUsd: number;
  readonly caps: readonly CapUse[];
  /** Of one turn or task, over its restarts. */
  readonly runCapMicroUsd: number | null;
  /** The dearest first; empty before a group. */
  readonly work: readonly WorkSpend[];
  readonly hasMoreWork: boolean;
  readonly purposes: readonly SpendSum[];
  readonly models: readonly (SpendSum & { readonly isPriced: boolean })[];
  /** The dearest first; only of everybody's. */
  readonly people: readonly (SpendSum & { readonly displayName: string })[];
}

interface View {
  readonly of: SpendReport["of"];
  readonly filter: SpendFilter;
  readonly scopes: readonly SpendScope[];
}

/**
 * What was spent today, on what, and how much there may be. Admins are told of all, others of their own work; a group of
 * what was spent in it, by whomever, without saying on what, save for where admins are told.
 * @throws AppError `access_denied`.
 */
export async function showSpend(
  deps: OperationDeps,
  actor: Actor,
  { askedInContextId, rules }: SpendInput,
): Promise<SpendReport> {
  const who = await authorize(deps, actor, "read:status");
  const { store } = deps;
  const day = spendDay(deps.now);
  const { of, filter, scopes } = await viewOf(store, who, { askedInContextId, rules, day });
  const sums = { day, filter, limit: MOST_NAMES };
  const [purposes, models, people, work, reservedMicroUsd, caps] = await Promise.all([
    spendBy(store, "purpose", sums),
    spendBy(store, "model", sums),
    of === "all" ? spendBy(store, "user_id", sums) : [],
    of === "conversation" ? [] : spendByWork(store, { ...sums, limit: MOST_WORK + 1 }),
    reservedNow(store, filter),
    Promise.all(scopes.map((scope) => useOf(store, scope))),
  ]);
  return {
    day,
    of,
    spentMicroUsd: purposes.reduce((sum, { spentMicroUsd }) => sum + spentMicroUsd, 0),
    calls: purposes.reduce((sum, { calls }) => sum + calls, 0),
    reservedMicroUsd,
    caps,
    runCapMicroUsd: rules.caps.run,
    work: work.slice(0, MOST_WORK),
    hasMoreWork: work.length > MOST_WORK,
    purposes,
    models: models.map((sum) => ({ ...sum, isPriced: rules.isPriced(sum.name) })),
    people: await Promise.all(
      people.map(async (sum) => ({ ...sum, displayName: await nameOf(store, sum.name) })),
    ),
  };
}

async function viewOf(
  store: Reader,
  who: Authorized,
  { askedInContextId, rules, day }: SpendInput & { readonly day: string },
): Promise<View> {
  const { caps } = rules;
  const { userId, workspaceId } = who;
  const key = await store.first(keyOfUser, { userId });
  const own = askerScope({ userId, keyId: key?.id ?? null }, caps, day);
  const ofWorkspace = (id: string): SpendScope => ({
    key: `workspace:${id}:${day}`,
    day,
    capMicroUsd: caps.workspace,
  });
  const all: View = {
    of: "all",
    filter: {},
    scopes: [{ key: `day:${day}`, day, capMicroUsd: caps.daily }, ...own, ofWorkspace(workspaceId)],
  };
  const context =
    askedInContextId === null
      ? undefined
      : await store.first(contextById, { id: askedInContextId });
  if (context?.kind !== "group") {
    return may(who.role, "read:all") ? all : { of: "own", filter: { userId }, scopes: own };
  }
  if (context.is_admin !== 1 || !may(who.role, "read:all")) {
    return { of: "conversation", filter: { contextId: context.id }, scopes: [] };
  }
  if (context.is_hub === 1) return all;
  const supervised = context.workspace_id;
  return {
    of: "workspace",
    filter: { workspaceId: supervised },
    scopes: [ofWorkspace(supervised)],
  };
}

async function useOf(store: Reader, scope: SpendScope): Promise<CapUse> {
  const row = await store.first(spendOf, { key: scope.key });
  return {
    of: kindOfScope(scope),
    spentMicroUsd: row?.spent_micro_usd ?? 0,
    reservedMicroUsd: row?.reserved_micro_usd ?? 0,
    capMicroUsd: scope.capMicroUsd,
    raisedMicroUsd: row?.raised_micro_usd ?? 0,
  };
}

async function nameOf(store: Reader, userId: string): Promise<string> {
  if (userId === "") return "";
  return (await store.first(userById, { id: userId }))?.display_name ?? "";
}
