import { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { formatTable } from "../format-table.ts";
import { printJson, printText } from "../print.ts";
import { readConfig } from "../read-config.ts";

export function doctorCommand(context: CommandContext): Command {
  return new Command("doctor")
    .description("Look for what is wrong and say what to do.")
    .option("--online", "also ask Telegram and the mail server whether they know us")
    .option("--json", "print JSON")
    .action(async ({ online = false, json = false }: { online?: boolean; json?: boolean }) => {
      const config = await readConfig();
      const { examineInstallation } = await import("../../app/examine-installation.ts");
      const { NEVER } = await import("../../core/abort.ts");
      const checks = await examineInstallation(config, online, NEVER);
      if (json) printJson(checks);
      else printText(formatTable(checks.map(({ state, name, detail }) => [state, name, detail])));
      if (checks.some(({ state }) => state === "fail")) context.exitCode = 1;
    });
}
