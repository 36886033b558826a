import { PERMISSIONS } from "../core/access/permission.ts";
import type { Role } from "../core/access/role.ts";
import type { Decision } from "../core/effect/commit.ts";
import { AppError, ERROR_POLICY } from "../core/errors.ts";
import { hasVisibleText } from "../core/message/storable-text.ts";
import { code, doc, p } from "../core/rich-text/build.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import { addressingOf } from "../operations/addressing-of.ts";
import type { OperationDeps } from "../operations/operation.ts";
import type { ModelDeps } from "../operations/start-model.ts";
import type { Command, CommandResult } from "./commands/command.ts";
import { COMMANDS, findCommand, mayUse } from "./commands/commands.ts";
import { converse } from "./converse.ts";
import { findOrigin, type Origin } from "./find-origin.ts";
import { findPressedButton } from "./find-pressed-button.ts";
import {
  dropDoneCommand,
  dropOutdated,
  dropRoutedEdit,
  findWaitingTurn,
  replaceQuestion,
  type WaitingTurn,
  withdrawWaiting,
} from "./judge-edit.ts";
import { takeFromRate, takeHint, takeRateNotice } from "./limits.ts";
import type { MessageFacts } from "./message-facts.ts";
import { nearestNames } from "./nearest-names.ts";
import { offerCommand } from "./offer-command.ts";
import { isStopWord, type ParsedText, parseCommand } from "./parse-command.ts";
import type { ChannelsInfo, ModelInfo } from "./ports.ts";
import { stopTurns } from "./stop-turns.ts";
import { isTriaged, type TriageRules, triage } from "./triage.ts";
import { dropped, type Verdict } from "./verdict.ts";

export interface Rules {
  readonly channels: ChannelsInfo;
  readonly model: ModelInfo;
  /** 0: no limit. */
  readonly inboundMaxPerMinute: number;
  readonly triage: TriageRules;
}

/** Decides what becomes of a message. The order of the rules is the order of these lines. */
export async function decideMessage(
  rules: Rules,
  deps: ModelDeps,
  facts: MessageFacts,
): Promise<Verdict> {
  const unread = dropUnread(facts) ?? dropOutdated(facts);
  if (unread !== undefined) return unread;
  const waiting = await findWaitingTurn(deps, facts);
  const isStop = isStopping(rules, facts);
  const replaced =
    waiting && !isStop && isTalk(rules, deps, facts) ? replaceQuestion(facts, waiting) : undefined;
  if (replaced !== undefined) return replaced;
  const rate = await takeFromRate(deps, facts, rules.inboundMaxPerMinute);
  if (rate === undefined && !isStop) return await tooFast(deps, facts);
  const verdict = await decideAnew(rules, deps, facts, waiting);
  if (rate !== undefined) return join({ effects: rate, seen: [] }, verdict);
  // Whoever writes too much must still be able to end what that set going, and nothing else.
  return (verdict.effects ?? []).length > 0 ? verdict : dropped("rate_limited");
}

/** Decides what takes the place of no question; one that it was before is withdrawn. */
async function decideAnew(
  rules: Rules,
  deps: ModelDeps,
  facts: MessageFacts,
  waiting: WaitingTurn | undefined,
): Promise<Verdict> {
  const withdrawn = await withdrawWaiting(deps, facts, waiting);
  const takenBackRunId = withdrawn.effects.length === 0 ? undefined : waiting?.run.id;
  if (takenBackRunId === undefined) return await judge(rules, deps, facts);
  const verdict = await judge(rules, deps, { ...facts, takenBackRunId });
  return endsRun(verdict, takenBackRunId) ? verdict : join(withdrawn, verdict);
}

async function judge(rules: Rules, deps: ModelDeps, facts: MessageFacts): Promise<Verdict> {
  return dropDone(rules, facts) ?? (await decideText(rules, deps, facts));
}

function endsRun({ effects = [] }: Verdict, runId: string): boolean {
  return effects.some((one) => one.type === "move-run" && one.id === runId);
}

function join({ effects, seen }: Decision, verdict: Verdict): Verdict {
  return {
    ...verdict,
    effects: [...effects, ...(verdict.effects ?? [])],
    seen: [...seen, ...(verdict.seen ?? [])],
  };
}

function isStopping(rules: Rules, facts: MessageFacts): boolean {
  const { message, person } = facts;
  if (person === undefined || message.kind === "button") return false;
  if (saysStop(facts)) return true;
  const parsed = parseText(rules, facts, message.text);
  return parsed.kind === "command" && parsed.name === "cancel";
}

function saysStop({ message, isQuoted }: MessageFacts): boolean {
  return message.addressed === 1 && !isQuoted && isStopWord(message.text);
}

/** What needs no look at who sent it. */
function dropUnread({ message, dropReason, files }: MessageFacts): Verdict | undefined {
  if (dropReason !== undefined) return dropped(dropReason);
  if (message.kind === "membership" || message.kind === "other") return dropped("unsupported");
  if (message.kind !== "button" && files.length === 0 && !hasVisibleText(message.text)) {
    return dropped("no_text");
  }
  if (message.sender_external_id === null && message.identity_id === null)
    return dropped("no_person");
  return undefined;
}

async function decideText(rules: Rules, deps: ModelDeps, facts: MessageFacts): Promise<Verdict> {
  const { message, person } = facts;
  if (message.kind === "button") return await pressButton(rules, deps, facts);
  if (saysStop(facts) && person !== undefined) {
    return await runSafely("command:stop", () => stopTurns(deps, facts));
  }
  const command = readCommand(rules, facts);
  if (command !== undefined) {
    return await runCommand(rules, deps, facts, command, await findOrigin(deps, facts));
  }
  return await decideProse(rules, deps, facts);
}

async function decideProse(rules: Rules, deps: ModelDeps, facts: MessageFacts): Promise<Verdict> {
  const { message, person } = facts;
  const parsed = parseText(rules, facts, message.text);
  const isOpen = isTriaged(rules.triage, facts, parsed);
  if (person === undefined) {
    return isOpen ? await triageOnce(rules, deps, facts) : await notPaired(deps, facts);
  }
  const isForUs = message.addressed === 1 || hearsAll(deps, facts);
  if (!isForUs && isOpen) return await triageOnce(rules, deps, facts);
  if (!isForUs || parsed.kind === "foreign") return dropped("not_addressed");
  return offerCommand(facts) ?? (await converse(deps, facts));
}

async function triageOnce(rules: Rules, deps: ModelDeps, facts: MessageFacts): Promise<Verdict> {
  return dropRoutedEdit(facts) ?? (await triage(rules.triage, deps, facts));
}

/** Whether all that is said in this group is for us. */
function hearsAll({ modelRules }: ModelDeps, { context }: MessageFacts): boolean {
  return addressingOf(context, modelRules) === "all";
}

/** The command that a text is, when it is meant for us. */
function readCommand(rules: Rules, facts: MessageFacts) {
  const { message } = facts;
  const parsed = parseText(rules, facts, message.text);
  if (parsed.kind !== "command") return undefined;
  return message.addressed === 1 || findCommand(parsed.name) !== undefined ? parsed : undefined;
}

/** Whether a text is for the model to answer. */
function isTalk(rules: Rules, deps: ModelDeps, facts: MessageFacts): boolean {
  if (facts.message.addressed === 0 && !hearsAll(deps, facts)) return false;
  if (readCommand(rules, facts) !== undefined || offerCommand(facts) !== undefined) return false;
  return parseText(rules, facts, facts.message.text).kind !== "foreign";
}

function dropDone(rules: Rules, facts: MessageFacts): Verdict | undefined {
  if (readCommand(rules, facts) === undefined || isStopping(rules, facts)) return undefined;
  return dropDoneCommand(facts);
}

/** What somebody else wrote is prose, whatever it looks like: nobody commands by showing it. */
function parseText(
  { channels }: Rules,
  { message, isQuoted }: MessageFacts,
  text: string,
): ParsedText {
  if (isQuoted) return { kind: "prose" };
  const ours = channels.botName(message.connector, message.account);
  return parseCommand(text, (name) =>
    ours === undefined ? message.addressed === 1 : name.toLowerCase() === ours.toLowerCase(),
  );
}

/** A button stands for the command it was made with; who may press it runs that, once, with their own role. */
async function pressButton(rules: Rules, deps: ModelDeps, facts: MessageFacts): Promise<Verdict> {
  const pressed = await findPressedButton(deps, facts);
  if (pressed.kind === "unknown") return dropped("unknown_button");
  if (pressed.kind === "for_another") {
    return facts.person === undefined
      ? await notPaired(deps, facts)
      : dropped("button_for_another");
  }
  if (pressed.kind === "used") return dropped("button_used");
  const parsed = parseText(rules, facts, pressed.command);
  if (parsed.kind !== "command") return dropped("unknown_button");
  const origin = pressed.isByModel ? "model_button" : "button";
  const { context } = pressed;
  const run = await runCommand(rules, deps, { ...facts, context }, parsed, origin);
  const verdict = { ...run, replyIn: context };
  // What was refused has started nothing, and may be pressed again.
  if (verdict.reason !== null) return verdict;
  return { ...verdict, effects: [...(verdict.effects ?? []), ...pressed.uses] };
}

async function runCommand(
  { channels, model, triage: { enabled: isTriageEnabled } }: Rules,
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
    (origin === "model_button" && command.isOursToOffer);
  if (isRefused) return typeItYourself(rule, command.name);
  if (!mayUse(role, command)) {
    // Whoever pressed is told so in passing; the chat has nothing to do with it.
    if (facts.message.kind === "button") return dropped("access_denied");
    const reply = tooLow(role, command);
    return { rule, outcome: "answered", reason: "access_denied", reply };
  }
  const call = { deps, facts, args, channels, model, isTriageEnabled };
  return await runSafely(rule, () => command.run(call));
}

function tooLow(role: Role | undefined, { name, permission }: Command): RichText {
  const least = permission === "anyone" ? "" : PERMISSIONS[permission];
  const takes = `. It takes the role ${least} or higher: ask an admin.`;
  return doc(p(`Your role (${role ?? "none"}) does not allow `, code(`/${name}`), takes));
}

/** A button may have been made of what a stranger wrote, and would act with the role of whoever presses it. */
function typeItYourself(rule: string, name: string): Verdict {
  const reply = doc(p("I do that only when you type it: ", code(`/${name}`), "."));
  return { rule, outcome: "answered", reason: "typed_only", reply };
}

/** What the person got wrong is told to them; what is wrong with us is thrown on and tried again. */
async function runSafely(rule: string, run: () => Promise<CommandResult>): Promise<Verdict> {
  try {
    const { reply, effects, seen, taskId, reason } = await run();
    return {
      rule,
      outcome: taskId === undefined ? "answered" : "task",
      reason: reason ?? null,
      reply,
      ...(effects === undefined ? {} : { effects }),
      ...(seen === undefined ? {} : { seen }),
      ...(taskId === undefined ? {} : { taskId }),
    };
  } catch (error) {
    if (!(error instanceof AppError) || isOurs(error)) throw error;
    return { rule, outcome: "answered", reason: error.code, reply: doc(p(error.message)) };
  }
}

function isOurs({ code: errorCode }: AppError): boolean {
  return errorCode !== "rate_limited" && ERROR_POLICY[errorCode].retryable;
}

function unknownCommand({ actor }: MessageFacts, name: string): Verdict {
  const usable = COMMANDS.filter((command) => mayUse(actor.role, command)).map((one) => one.name);
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

/** Strangers read one fixed hint an hour, in private; nothing else of what they write is looked at. */
async function notPaired(deps: OperationDeps, facts: MessageFacts): Promise<Verdict> {
  if (facts.context.kind !== "private") return dropped("not_paired");
  const hint = await takeHint(deps, facts);
  if (hint === undefined) return dropped("not_paired");
  const reply = doc(p("I do not know you yet. Send ", code("/pair"), " to ask for access."));
  return dropped("not_paired", { reply, effects: [hint] });
}

async function tooFast(deps: OperationDeps, facts: MessageFacts): Promise<Verdict> {
  const isOwed = facts.person !== undefined && facts.message.addressed === 1;
  const notice = isOwed ? await takeRateNotice(deps, facts) : undefined;
  if (notice === undefined) return dropped("rate_limited");
  const reply = doc(
    p("That is too much at once: I drop what you send for the rest of this minute."),
  );
  return dropped("rate_limited", { reply, effects: [notice] });
}
