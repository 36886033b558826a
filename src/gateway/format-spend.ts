import { bold, code, doc, list, p } from "../core/rich-text/build.ts";
import type { Block, RichText } from "../core/rich-text/rich-text.ts";
import { formatUsd } from "../core/spend/format-usd.ts";
import type { SpendScopeKind } from "../core/spend/spend-scope.ts";
import type { CapUse, SpendReport } from "../operations/show-spend.ts";

const WHOSE: Readonly<Record<SpendReport["of"], string>> = {
  all: "Spent today",
  own: "Spent on your work today",
  workspace: "Spent in this workspace today",
  conversation: "Spent in this conversation today",
};
const CAP_OF: Readonly<Record<SpendScopeKind, string>> = {
  day: "All work together",
  work: "This work",
  user: "Your work",
  key: "The work of your key",
  workspace: "The workspace",
};

/** What was spent, for people to read in a chat. */
export function formatSpend(report: SpendReport): RichText {
  const { of, day, spentMicroUsd, calls, reservedMicroUsd } = report;
  const reserved =
    reservedMicroUsd === 0
      ? ""
      : ` ${formatUsd(reservedMicroUsd)} more is put aside for calls under way.`;
  return doc(
    p(
      bold(`${WHOSE[of]} (${day}, UTC): `),
      `${formatUsd(spentMicroUsd)}, ${count(calls)}.${reserved}`,
    ),
    ...capLines(report),
    ...section("By task and answer", workLines(report)),
    ...section(
      "By purpose",
      report.purposes.map((sum) => p(`${sum.name}: ${costOf(sum)}`)),
    ),
    ...section(
      "By model",
      report.models.map(({ isPriced, ...sum }) =>
        p(
          code(sum.name),
          ` ${costOf(sum)}`,
          isPriced
            ? ""
            : ". No price is known of it: it is counted at its provider's dearest, until AGENT_RUNTIME_PRICES_FILE says it",
        ),
      ),
    ),
    ...section(
      "By person or key",
      report.people.map((sum) =>
        p(sum.displayName === "" ? "nobody" : code(sum.displayName), ` ${costOf(sum)}`),
      ),
    ),
  );
}

function capLines({ caps, runCapMicroUsd }: SpendReport): Block[] {
  const lines = caps.filter((cap) => cap.capMicroUsd !== null).map((cap) => p(capLine(cap)));
  if (runCapMicroUsd !== null)
    lines.push(p(`Each answer and each task: ${formatUsd(runCapMicroUsd)}`));
  return section("Caps", lines);
}

function capLine({ of, capMicroUsd, raisedMicroUsd, ...used }: CapUse): string {
  const allowed = (capMicroUsd ?? 0) + raisedMicroUsd;
  const raised = raisedMicroUsd === 0 ? "" : `, raised by ${formatUsd(raisedMicroUsd)} for today`;
  const inUse = used.spentMicroUsd + used.reservedMicroUsd;
  return `${CAP_OF[of]}: ${formatUsd(inUse)} of ${formatUsd(allowed)}${raised}`;
}

function workLines({ work, hasMoreWork }: SpendReport): Block[] {
  const lines = work.map(({ id, title, isTask, ...sum }) =>
    p(code(id), ` ${costOf(sum)}: `, isTask ? "" : "an answer in ", code(title)),
  );
  return hasMoreWork ? [...lines, p("And more that cost less.")] : lines;
}

function section(title: string, lines: readonly Block[]): Block[] {
  return lines.length === 0 ? [] : [p(bold(`${title}:`)), list(...lines)];
}

function costOf({
  spentMicroUsd,
  calls,
}: {
  readonly spentMicroUsd: number;
  readonly calls: number;
}): string {
  return `${formatUsd(spentMicroUsd)}, ${count(calls)}`;
}

function count(calls: number): string {
  return calls === 1 ? "1 call of a model" : `${calls} calls of a model`;
}
