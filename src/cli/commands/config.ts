import { Command } from "commander";
import { formatTable } from "../format-table.ts";
import { printJson, printText, printWarnings } from "../print.ts";
import { readConfig } from "../read-config.ts";

export function configCommand(): Command {
  return new Command("config")
    .description("The settings in force.")
    .addCommand(
      new Command("show")
        .description("Print every setting in force and where it comes from; secrets are not shown.")
        .option("--json", "print JSON")
        .action(showConfig),
    );
}

async function showConfig({ json = false }: { json?: boolean }): Promise<void> {
  const config = await readConfig();
  const { maskConfig } = await import("../../config/mask-config.ts");
  const rows = maskConfig(config);
  if (json) printJson(rows);
  else printText(formatTable(rows.map(({ name, value, source }) => [name, value, source])));
  printWarnings(config.warnings);
}
