import { Command } from "commander";
import type { AuditFindings } from "../../app/audit-record.ts";
import type { CommandContext } from "../command-context.ts";
import { printJson, printProblem, printText, printWarnings } from "../print.ts";
import { readConfig } from "../read-config.ts";

interface VerifyOptions {
  readonly head?: string;
  readonly json?: boolean;
}

export function auditCommand(context: CommandContext): Command {
  return new Command("audit")
    .description("The record of everything that was done.")
    .addCommand(
      new Command("head")
        .description("Print where the record ends; keep it elsewhere and give it to verify later.")
        .action(async () => {
          const config = await readConfig();
          printWarnings(config.unknownNames);
          const { readHead } = await import("../../app/audit-record.ts");
          printText(readHead(config));
        }),
    )
    .addCommand(
      new Command("verify")
        .description(
          "Check the whole record: exit code 1 when a row was changed, is missing or was cut off, or the anchor is gone.",
        )
        .option("--head <head>", "a head printed earlier")
        .option("--json", "print JSON")
        .action(async (options: VerifyOptions) => {
          context.exitCode = await verify(options);
        }),
    );
}

async function verify({ head, json = false }: VerifyOptions): Promise<0 | 1> {
  const config = await readConfig();
  printWarnings(config.unknownNames);
  const { verifyRecord } = await import("../../app/audit-record.ts");
  const findings = verifyRecord(config, head);
  if (json) {
    printJson(findings);
  } else if (findings.problems.length === 0) {
    printText(`The record is whole: ${findings.checked} rows, head ${findings.head}`);
  } else {
    printFindings(findings);
  }
  return findings.problems.length === 0 ? 0 : 1;
}

function printFindings({ problems, problemCount, checked }: AuditFindings): void {
  for (const problem of problems) printProblem(`- ${problem}`);
  const untold = problemCount - problems.length;
  if (untold > 0) printProblem(`- and ${untold} more`);
  printProblem(`The record is not whole: ${problemCount} found in ${checked} rows.`);
}
