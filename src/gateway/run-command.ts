import { PERMISSIONS } from "../core/access/permission.ts";
import { AppError, ERROR_POLICY } from "../core/errors.ts";
import { code, doc, p } from "../core/rich-text/build.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import type { ModelDeps } from "../operations/start-model.ts";
import type { Command, CommandResult } from "./commands/command.ts";
import { COMMANDS, findCommand, mayUse, permissionIn } from "./commands/commands.ts";
import type { Origin } from "./find-origin.ts";
import type { MessageFacts } from "./message-facts.ts";
import { nearestNames } from "./nearest-names.ts";
import type { Rules } from "./rules.ts";
import { notPaired } from "./turn-away.ts";
import { dropped, type Verdict } from "./verdict.ts";

/** Runs a command for whoever may use it; its answer, or why not, is what the person reads. */
export async function runCommand(
  { triage: { enabled: isTriageEnabled }, ...rules }: Rules,
  deps: ModelDeps,
  facts: MessageFacts,
  { name, args }: { readonly name: string; readonly args: string },
  origin: Origin,
): Promise<Verdict> {
  const { role } = facts.actor;
  const command = findCommand(name);
  if (role === undefined && command?.permission !== "anyone") return await notPaired(deps, facts);
  if (command === undefined) return unknownCommand(facts, name);
  const rule = `${origin === "command" ? "command" : "button"}:${command.name}`;
  const isRefused =
    (origin !== "command" && command.isTypedOnly) ||
    (command.isOursToOffer && origin !== "command" && origin !== "button");
  if (isRefused) return typeItYourself(rule, command.name);
  if (!mayUse(role, command, facts.context.kind)) {
    // Whoever pressed is told so in passing; the chat has nothing to do with it.
    if (facts.message.kind === "button") return dropped("access_denied");
    const reply = tooLow(facts, command);
    return { rule, outcome: "answered", reason: "access_denied", reply };
  }
  const isTainted = origin === "tainted_button";
  const call = { ...rules, deps, facts, args, isTainted, isTriageEnabled };
  return await runSafely(rule, () => command.run(call));
}

function tooLow({ actor, context }: MessageFacts, command: Command): RichText {
  const permission = permissionIn(context.kind, command);
  const least = permission === "anyone" ? "" : PERMISSIONS[permission];
  const here = command.permissionInGroups === permission ? " in a group" : "";
  const takes = `${here}. It takes the role ${least} or higher: ask an admin.`;
  const role = actor.role ?? "none";
  return doc(p(`Your role (${role}) does not allow `, code(`/${command.name}`), takes));
}

/** A button may have been made of what a stranger wrote, and would act with the role of whoever presses it. */
function typeItYourself(rule: string, name: string): Verdict {
  const reply = doc(p("I do that only when you type it: ", code(`/${name}`), "."));
  return { rule, outcome: "answered", reason: "typed_only", reply };
}

/** What the person got wrong is told to them; what is wrong with us is thrown on and tried again. */
export async function runSafely(rule: string, run: () => Promise<CommandResult>): Promise<Verdict> {
  try {
    const { reply, effects, seen, taskId, reason, card } = await run();
    return {
      rule,
      outcome: taskId === undefined ? "answered" : "task",
      reason: reason ?? null,
      reply,
      ...(effects === undefined ? {} : { effects }),
      ...(seen === undefined ? {} : { seen }),
      ...(taskId === undefined ? {} : { taskId }),
      ...(card === undefined ? {} : { card }),
    };
  } catch (error) {
    if (!(error instanceof AppError) || isOurs(error)) throw error;
    return { rule, outcome: "answered", reason: error.code, reply: doc(p(error.message)) };
  }
}

function isOurs({ code: errorCode }: AppError): boolean {
  return errorCode !== "rate_limited" && ERROR_POLICY[errorCode].retryable;
}

function unknownCommand({ actor, context }: MessageFacts, name: string): Verdict {
  const usable = COMMANDS.filter((command) => mayUse(actor.role, command, context.kind)).map(
    (one) => one.name,
  );
  const near = nearestNames(name, usable);
  const shown = name.length > 40 ? `${name.slice(0, 40)}…` : name;
  const hint =
    near.length === 0
      ? p("Send ", code("/help"), " to see what there is.")
      : p(
          "Did you mean ",
          ...near.flatMap((one, n) => [n === 0 ? "" : " or ", code(`/${one}`)]),
          "?",
        );
  return {
    rule: "unknown_command",
    outcome: "answered",
    reason: "unknown_command",
    reply: doc(p("I know no command ", code(`/${shown}`), "."), hint),
  };
}
