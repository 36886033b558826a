import { Command } from "commander";
import type { SpendReport } from "../../client/shapes/spend.ts";
import { formatUsd } from "../../core/spend/format-usd.ts";
import { withRuntime } from "../connect.ts";
import { formatTable } from "../format-table.ts";
import { printJson, printText } from "../print.ts";

type Cap = SpendReport["caps"][number];

const CAP_OF: Readonly<Record<Cap["of"], string>> = {
  day: "all work together",
  work: "one piece of work",
  user: "your work",
  key: "the work of your key",
  workspace: "your workspace",
};

export function spendCommand(): Command {
  return new Command("spend")
    .description("Print what was spent on models today, and how much may be.")
    .option("--json", "print JSON")
    .action(async ({ json = false }: { json?: boolean }) => {
      const report = await withRuntime((runtime) => runtime.showSpend());
      if (json) printJson(report);
      else printText(formatReport(report));
    });
}

function formatReport(report: SpendReport): string {
  const { day, spent_micro_usd, calls, reserved_micro_usd, models } = report;
  const unpriced = models.filter(({ is_priced }) => !is_priced).map(({ model }) => model);
  return [
    `${formatUsd(spent_micro_usd)} on ${day} (UTC), in ${calls} calls of a model; ${formatUsd(reserved_micro_usd)} is put aside for calls under way.`,
    formatTable([["CAP", "USED", "OF", "RAISED BY"], ...capRows(report)]),
    ...table(
      ["DEAREST WORK", "SPENT", "CALLS", "TITLE"],
      report.work.map((work) => [work.id, ...amounts(work), work.title]),
    ),
    ...(report.has_more_work ? ["There is more that cost less."] : []),
    ...table(
      ["PURPOSE", "SPENT", "CALLS"],
      report.purposes.map((sum) => [sum.purpose, ...amounts(sum)]),
    ),
    ...table(
      ["MODEL", "SPENT", "CALLS"],
      models.map((sum) => [sum.model, ...amounts(sum)]),
    ),
    ...table(
      ["PERSON OR KEY", "SPENT", "CALLS"],
      report.people.map((sum) => [sum.display_name || "nobody", ...amounts(sum)]),
    ),
    ...unpriced.map(
      (model) =>
        `No price is known of ${model}: it is counted at its provider's dearest. AGENT_RUNTIME_PRICES_FILE can say it.`,
    ),
  ].join("\n");
}

function capRows({ caps, run_cap_micro_usd: runCap }: SpendReport): string[][] {
  const rows = caps.map((cap) => [
    CAP_OF[cap.of],
    formatUsd(cap.spent_micro_usd + cap.reserved_micro_usd),
    allowed(cap),
    formatUsd(cap.raised_micro_usd),
  ]);
  return [
    ...rows,
    ["each answer and task", "", runCap === null ? "no cap" : formatUsd(runCap), ""],
  ];
}

function allowed({ cap_micro_usd: cap, raised_micro_usd: raised }: Cap): string {
  return cap === null ? "no cap" : formatUsd(cap + raised);
}

function amounts(sum: { readonly spent_micro_usd: number; readonly calls: number }): string[] {
  return [formatUsd(sum.spent_micro_usd), String(sum.calls)];
}

function table(header: string[], rows: string[][]): string[] {
  return rows.length === 0 ? [] : ["", formatTable([header, ...rows])];
}
