import type { Command } from "commander";
import { createProgram } from "../../src/cli/run-cli.ts";
import { PERMISSIONS } from "../../src/core/access/permission.ts";
import { ROLES } from "../../src/core/access/role.ts";
import { ERROR_POLICY } from "../../src/core/errors.ts";
import { COMMANDS } from "../../src/gateway/commands/commands.ts";
import { ROUTES } from "../../src/http-api/routes.ts";
import { renderTable } from "./render-table.ts";
import { renderTools } from "./tools-table.ts";

/** Parts of pages that the code's own tables fill, and the page that must have each. A page has one by the two
 *  comments `<!-- generated:NAME -->` and `<!-- /generated -->`; what stands between them is replaced. */
export const BLOCKS: Readonly<Record<string, { readonly page: string; render(): string }>> = {
  errors: { page: "docs/api.md", render: renderErrors },
  routes: { page: "docs/api.md", render: renderRoutes },
  commands: { page: "docs/commands.md", render: renderCommands },
  terminal: { page: "docs/commands.md", render: renderTerminal },
  tools: { page: "docs/tools.md", render: renderTools },
  roles: { page: "docs/people-and-roles.md", render: renderRoles },
};

const BLOCK = /(<!-- generated:(\S+) -->\n)[\s\S]*?(<!-- \/generated -->)/g;

export interface FilledPage {
  readonly text: string;
  /** The names of the blocks in it, known or not. */
  readonly blocks: readonly string[];
}

/** The page with the present content in each of its blocks. */
export function fillBlocks(page: string): FilledPage {
  const blocks: string[] = [];
  const text = page.replace(BLOCK, (whole, start: string, name: string, end: string) => {
    blocks.push(name);
    const block = BLOCKS[name];
    return block === undefined ? whole : `${start}\n${block.render()}\n${end}`;
  });
  return { text, blocks };
}

function renderErrors(): string {
  const rows = Object.entries(ERROR_POLICY).map(([code, policy]) => [
    `\`${code}\``,
    String(policy.httpStatus),
    policy.reply,
    policy.retryable ? "yes" : "no",
  ]);
  return renderTable(["code", "status", "what a person is told", "can trying again help?"], rows);
}

function renderRoutes(): string {
  const rows = ROUTES.map(({ method, path, summary, permission }) => [
    `\`${method.toUpperCase()} ${path}\``,
    summary,
    permission === undefined ? "nothing" : `\`${permission}\``,
  ]);
  return renderTable(["request", "what it does", "needs"], rows);
}

function renderCommands(): string {
  const rows = COMMANDS.map(({ name, args, summary }) => [
    `\`/${[name, args].filter(Boolean).join(" ")}\``,
    summary,
  ]);
  return renderTable(["command", "what it does"], rows);
}

function renderTerminal(): string {
  const rows = leavesOf(createProgram({ exitCode: 0 })).map((command) => [
    `\`${[...pathOf(command), ...command.registeredArguments.map(toUsage)].join(" ")}\``,
    command.description(),
    command.options.map(({ flags }) => `\`${flags}\``).join(" "),
  ]);
  return renderTable(["command", "what it does", "options"], rows);
}

/** The commands that do something, in the order of the help. */
function leavesOf(command: Command): readonly Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);
}

/** Its words, without the program's name. */
function pathOf(command: Command): readonly string[] {
  return command.parent === null ? [] : [...pathOf(command.parent), command.name()];
}

function toUsage(argument: Command["registeredArguments"][number]): string {
  const text = argument.variadic ? `${argument.name()}...` : argument.name();
  return argument.required ? `<${text}>` : `[${text}]`;
}

function renderRoles(): string {
  const rows = ROLES.map((role) => [
    `\`${role}\``,
    Object.entries(PERMISSIONS)
      .filter(([, least]) => least === role)
      .map(([permission]) => `\`${permission}\``)
      .join(", "),
  ]);
  return renderTable(["role", "may, besides what the roles below it may"], rows);
}
