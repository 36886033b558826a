import type { Actor } from "../core/access/actor.ts";
import type { Role } from "../core/access/role.ts";
import type { Preset } from "../core/approval/policy.ts";
import {
  MOST_PAST_RUNS,
  type PastCallRow,
  pastCalls,
  runAtDepth,
} from "../store/queries/past-calls.ts";
import { authorize, type OperationDeps } from "./operation.ts";

const DAY_MS = 24 * 60 * 60_000;
const MOST_CALLS = 5_000;

interface PastCall {
  readonly tool: string;
  /** JSON */
  readonly arguments: string;
  /** Of whoever the work was for, as it is now. */
  readonly role: Role | undefined;
  readonly isTainted: boolean;
}

/** `gone`: its tool is not there any more, or takes other arguments by now. */
export type JudgePastCall = (preset: Preset, call: PastCall) => "run" | "ask" | "refuse" | "gone";

export interface ShadowDeps extends OperationDeps {
  readonly judgePastCall: JudgePastCall;
}

export interface ShadowCount {
  calls: number;
  wouldAsk: number;
  wouldAllow: number;
  wouldRefuse: number;
  cannotJudge: number;
  wasAsked: number;
}

export interface Shadow {
  readonly preset: Preset;
  readonly days: number;
  /** There were more: only the newest were judged. */
  readonly isCut: boolean;
  readonly total: ShadowCount;
  readonly byTool: ReadonlyMap<string, ShadowCount>;
  readonly byContext: ReadonlyMap<string, ShadowCount & { readonly title: string }>;
}

/**
 * Judges the calls of the last days by another preset, as the policy would today: by the role that people hold now and
 * the taint that each run ended with. Errs towards asking: which addresses people had typed is not looked up.
 * @throws AppError `access_denied`.
 */
export async function shadowApprovals(
  deps: ShadowDeps,
  actor: Actor,
  { preset, days }: { readonly preset: Preset; readonly days: number },
): Promise<Shadow> {
  await authorize(deps, actor, "read:all");
  const sinceMs = deps.now - days * DAY_MS;
  const rows = await deps.store.all(pastCalls, { sinceMs, limit: MOST_CALLS + 1 });
  const beyond = await deps.store.first(runAtDepth, { depth: MOST_PAST_RUNS });
  const isCut = rows.length > MOST_CALLS || (beyond?.created_at_ms ?? 0) >= sinceMs;
  const total = nothing();
  const byTool = new Map<string, ShadowCount>();
  const byContext = new Map<string, ShadowCount & { readonly title: string }>();
  for (const row of rows.slice(0, MOST_CALLS)) {
    const ofTool = byTool.get(row.name) ?? nothing();
    const ofContext = byContext.get(row.context_id) ?? { ...nothing(), title: row.context_title };
    byTool.set(row.name, ofTool);
    byContext.set(row.context_id, ofContext);
    const judged = deps.judgePastCall(preset, callOf(row));
    for (const one of [total, ofTool, ofContext]) count(one, judged, Number(row.was_asked) > 0);
  }
  return { preset, days, isCut, total, byTool, byContext };
}

function callOf({ name, arguments: args, role, taint }: PastCallRow): PastCall {
  return { tool: name, arguments: args ?? "{}", role: role ?? undefined, isTainted: taint !== 0 };
}

function nothing(): ShadowCount {
  return { calls: 0, wouldAsk: 0, wouldAllow: 0, wouldRefuse: 0, cannotJudge: 0, wasAsked: 0 };
}

const FIELD_OF = {
  run: "wouldAllow",
  ask: "wouldAsk",
  refuse: "wouldRefuse",
  gone: "cannotJudge",
} as const;

function count(one: ShadowCount, judged: keyof typeof FIELD_OF, wasAsked: boolean): void {
  one.calls += 1;
  one[FIELD_OF[judged]] += 1;
  if (wasAsked) one.wasAsked += 1;
}
