import { Command } from "commander";
import { withRuntime } from "../connect.ts";
import { printJson, printText } from "../print.ts";

export function explainCommand(): Command {
  return new Command("explain")
    .description("Tell what became of a message, and why.")
    .argument("<message>", "its id, or a unique tail of six characters or more")
    .option("--json", "print JSON")
    .action(async (message: string, { json = false }: { json?: boolean }) => {
      const explanation = await withRuntime((runtime) => runtime.explainMessage(message));
      if (json) printJson(explanation);
      else printText(explanation.lines.join("\n"));
    });
}
