import { type SpendReport as Answer, spendReport } from "../../client/shapes/spend.ts";
import { type SpendReport, showSpend } from "../../operations/show-spend.ts";
import type { SpendSum } from "../../store/queries/spend-sums.ts";
import { route } from "../route.ts";

export const spendRoute = route({
  method: "get",
  path: "/api/v1/spend",
  summary:
    "What was spent on models today, on what, and the caps: for admins of all, for others of their own work.",
  permission: "read:status",
  responses: { 200: { description: "Today so far.", schema: spendReport } },
  async handle({ context, actor }, { store, clock, ports }) {
    const input = { askedInContextId: null, rules: ports.spendRules };
    return context.json(toAnswer(await showSpend({ store, now: clock.now() }, actor, input)));
  },
});

function toAnswer(report: SpendReport): Answer {
  return {
    day: report.day,
    of: report.of,
    spent_micro_usd: report.spentMicroUsd,
    calls: report.calls,
    reserved_micro_usd: report.reservedMicroUsd,
    caps: report.caps.map((cap) => ({
      of: cap.of,
      spent_micro_usd: cap.spentMicroUsd,
      reserved_micro_usd: cap.reservedMicroUsd,
      cap_micro_usd: cap.capMicroUsd,
      raised_micro_usd: cap.raisedMicroUsd,
    })),
    run_cap_micro_usd: report.runCapMicroUsd,
    work: report.work.map((work) => ({
      id: work.id,
      title: work.title,
      is_task: work.isTask,
      calls: work.calls,
      spent_micro_usd: work.spentMicroUsd,
    })),
    has_more_work: report.hasMoreWork,
    purposes: report.purposes.map((sum) => ({ purpose: sum.name, ...toSum(sum) })),
    models: report.models.map((sum) => ({
      model: sum.name,
      is_priced: sum.isPriced,
      ...toSum(sum),
    })),
    people: report.people.map((sum) => ({
      user_id: sum.name,
      display_name: sum.displayName,
      ...toSum(sum),
    })),
  };
}

function toSum({ calls, inputTokens, outputTokens, spentMicroUsd }: SpendSum) {
  return {
    calls,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    spent_micro_usd: spentMicroUsd,
  };
}
