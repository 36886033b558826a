import { Command, CommanderError } from "commander";
import { AppError, describeError } from "../core/errors.ts";
import type { CommandContext } from "./command-context.ts";
import { approvalsCommand } from "./commands/approvals.ts";
import { auditCommand } from "./commands/audit.ts";
import { chatCommand } from "./commands/chat.ts";
import { configCommand } from "./commands/config.ts";
import { contextsCommand } from "./commands/contexts.ts";
import { deadLettersCommand } from "./commands/dead-letters.ts";
import { deliveriesCommand } from "./commands/deliveries.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { explainCommand } from "./commands/explain.ts";
import { keysCommand } from "./commands/keys.ts";
import { loginCommand } from "./commands/login.ts";
import { mcpCommand } from "./commands/mcp.ts";
import { pairingCommand } from "./commands/pairing.ts";
import { serveCommand } from "./commands/serve.ts";
import { spendCommand } from "./commands/spend.ts";
import { tasksCommand } from "./commands/tasks.ts";
import { usersCommand } from "./commands/users.ts";
import { versionCommand } from "./commands/version.ts";
import { workspacesCommand } from "./commands/workspaces.ts";
import { ignoreClosedPipes, printProblem } from "./print.ts";
import { readVersion } from "./read-version.ts";

/** Every command, in the order of the help. They are declared here and load what they need when they run. */
const COMMANDS: readonly ((context: CommandContext) => Command)[] = [
  serveCommand,
  chatCommand,
  tasksCommand,
  explainCommand,
  spendCommand,
  approvalsCommand,
  deliveriesCommand,
  deadLettersCommand,
  pairingCommand,
  usersCommand,
  keysCommand,
  workspacesCommand,
  contextsCommand,
  mcpCommand,
  loginCommand,
  doctorCommand,
  configCommand,
  auditCommand,
  versionCommand,
];

/** Runs one command line (without the program's name). Settles with the exit code; never rejects. */
export async function runCli(argv: readonly string[]): Promise<number> {
  ignoreClosedPipes();
  const context: CommandContext = { exitCode: 0 };
  try {
    await createProgram(context).parseAsync(argv, { from: "user" });
    return context.exitCode;
  } catch (error) {
    return await reportFailure(error, context);
  }
}

/** The whole command line, as its help and the docs describe it. */
export function createProgram(context: CommandContext): Command {
  const program = new Command("agent-runtime")
    .description("A gateway between people and agents that keeps its promises.")
    .usage("<command> [options]")
    .version(readVersion(), "-V, --version", "print the version")
    .helpCommand("help [command]", "Print the help of a command.");
  for (const create of COMMANDS) program.addCommand(create(context));
  adjust(program);
  return program;
}

/** Every command reports bad usage by throwing, and says where its help is. */
function adjust(command: Command): void {
  if (command.parent !== null) command.helpCommand(false);
  command.helpOption("-h, --help", "print this");
  command.exitOverride().showHelpAfterError(`See: agent-runtime ${pathOf(command)}--help`);
  for (const child of command.commands) adjust(child);
}

function pathOf(command: Command): string {
  return command.parent === null ? "" : `${pathOf(command.parent)}${command.name()} `;
}

async function reportFailure(error: unknown, context: CommandContext): Promise<number> {
  // Commander has already said what is wrong.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const { createRedactor } = await import("../core/redact.ts");
  const { redact } = context.redactor ?? createRedactor([]);
  if (error instanceof AppError) {
    printProblem(redact(error.code === "internal" ? describeError(error) : error.message));
    return error.code === "invalid_input" ? 2 : 1;
  }
  printProblem(redact(`Something went wrong: ${describeError(error)}`));
  return 1;
}
