import type { ShadowReport } from "../client/shapes/approval.ts";
import type { Shadow, ShadowCount } from "../operations/shadow-approvals.ts";

/** The busiest first. */
export function toShadowReport({ preset, days, isCut, ...shadow }: Shadow): ShadowReport {
  return {
    preset,
    days,
    is_cut: isCut,
    total: toCount(shadow.total),
    by_tool: busiest(shadow.byTool).map(([tool, count]) => ({ tool, ...toCount(count) })),
    by_context: busiest(shadow.byContext).map(([id, count]) => ({
      context_id: id,
      context_title: count.title,
      ...toCount(count),
    })),
  };
}

function busiest<C extends ShadowCount>(counts: ReadonlyMap<string, C>): readonly [string, C][] {
  return [...counts].sort(([, a], [, b]) => b.calls - a.calls);
}

function toCount(count: ShadowCount): ShadowReport["total"] {
  return {
    calls: count.calls,
    would_ask: count.wouldAsk,
    would_allow: count.wouldAllow,
    would_refuse: count.wouldRefuse,
    cannot_judge: count.cannotJudge,
    was_asked: count.wasAsked,
  };
}
