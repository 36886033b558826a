import { Command } from "commander";
import { printText } from "../print.ts";
import { readVersion } from "../read-version.ts";

export function versionCommand(): Command {
  return new Command("version")
    .description("Print the version.")
    .action(() => printText(readVersion()));
}
