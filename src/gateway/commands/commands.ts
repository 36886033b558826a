import { may } from "../../core/access/permission.ts";
import type { Role } from "../../core/access/role.ts";
import type { ContextRow } from "../../store/queries/contexts.ts";
import { parseCommand } from "../parse-command.ts";
import { adminChannelCommand } from "./admin-channel.ts";
import { cancelCommand } from "./cancel.ts";
import type { Command } from "./command.ts";
import { approveActionCommand, denyActionCommand } from "./decide-approval.ts";
import { approveCommand, denyCommand } from "./decide-pairing.ts";
import { explainCommand } from "./explain.ts";
import { createHelpCommand } from "./help.ts";
import { mcpCommand } from "./mcp.ts";
import { newCommand } from "./new.ts";
import { pairCommand } from "./pair.ts";
import { pendingActionsCommand } from "./pending-actions.ts";
import { promptCommand } from "./prompt.ts";
import { routeCommand } from "./route.ts";
import { rulesCommand } from "./rules.ts";
import { settingsCommand } from "./settings.ts";
import { spendCommand } from "./spend.ts";
import { statusCommand } from "./status.ts";
import { taskCommand } from "./task.ts";
import { tasksCommand } from "./tasks.ts";

/** Every command there is, in the order `/help` shows them. */
export const COMMANDS: readonly Command[] = [
  createHelpCommand((role, kind) => COMMANDS.filter((command) => mayUse(role, command, kind))),
  statusCommand,
  taskCommand,
  tasksCommand,
  cancelCommand,
  routeCommand,
  explainCommand,
  newCommand,
  spendCommand,
  pendingActionsCommand,
  approveActionCommand,
  denyActionCommand,
  pairCommand,
  approveCommand,
  denyCommand,
  rulesCommand,
  promptCommand,
  settingsCommand,
  mcpCommand,
  adminChannelCommand,
];

/** Those that a model may offer as buttons. */
export const FOR_MODELS: readonly Command[] = COMMANDS.filter(
  ({ isTypedOnly, isOursToOffer }) => !isTypedOnly && !isOursToOffer,
);

/** Whether `text` is one of them, however it is spelled. */
export function isForModels(text: string): boolean {
  const parsed = parseCommand(text, () => false);
  const command = parsed.kind === "command" ? findCommand(parsed.name) : undefined;
  return command !== undefined && FOR_MODELS.includes(command);
}

/** The command of a name or alias, as `parseCommand` gives it. */
export function findCommand(name: string): Command | undefined {
  return COMMANDS.find((command) => command.name === name || command.aliases.includes(name));
}

/** What a command takes in such a conversation. */
export function permissionIn(
  kind: ContextRow["kind"],
  { permission, permissionInGroups }: Command,
): Command["permission"] {
  return kind === "group" ? (permissionInGroups ?? permission) : permission;
}

/** Whether somebody of this role (undefined: not paired) may use the command in such a conversation. */
export function mayUse(
  role: Role | undefined,
  command: Command,
  kind: ContextRow["kind"],
): boolean {
  const permission = permissionIn(kind, command);
  return permission === "anyone" || may(role, permission);
}
