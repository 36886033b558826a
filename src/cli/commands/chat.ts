import { Command, InvalidArgumentError, Option } from "commander";
import type { ChatConnector } from "../ask.ts";
import type { CommandContext } from "../command-context.ts";

const CONNECTORS = [
  "codex",
  "cline",
  "gemini",
  "api",
  "cli",
] as const satisfies readonly ChatConnector[];
const MAX_TIMEOUT_SECONDS = 600;

interface ChatOptions {
  readonly connector: ChatConnector;
  readonly externalId: string;
  readonly timeoutSeconds: number;
}

export function chatCommand(context: CommandContext): Command {
  return new Command("chat")
    .description("Say something, or line after line until /exit.")
    .argument("[text...]", "what to say")
    .addOption(new Option("--connector <name>", "in whose name").choices(CONNECTORS).default("cli"))
    .option("--external-id <id>", "which conversation", "terminal")
    .option(
      "--timeout-seconds <seconds>",
      `how long to wait for an answer, at most ${MAX_TIMEOUT_SECONDS}`,
      parseTimeout,
      120,
    )
    .action(async (words: readonly string[], options: ChatOptions) => {
      const { converse, sayOnce } = await import("../converse.ts");
      const { NEVER } = await import("../../core/abort.ts");
      const isWell =
        words.length === 0
          ? await converse(options)
          : await sayOnce(options, words.join(" "), NEVER);
      if (!isWell) context.exitCode = 1;
    });
}

function parseTimeout(text: string): number {
  const seconds = Number(text);
  if (!/^\d+$/.test(text) || seconds < 1 || seconds > MAX_TIMEOUT_SECONDS) {
    throw new InvalidArgumentError(`Give a whole number from 1 to ${MAX_TIMEOUT_SECONDS}.`);
  }
  return seconds;
}
