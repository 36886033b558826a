import type { Decision } from "../core/effect/commit.ts";
import { hasVisibleText } from "../core/message/storable-text.ts";
import { addressingOf } from "../operations/addressing-of.ts";
import type { ModelDeps } from "../operations/start-model.ts";
import { converse } from "./converse.ts";
import { findOrigin } from "./find-origin.ts";
import { findPressedButton } from "./find-pressed-button.ts";
import { isCalled } from "./is-called.ts";
import { joinRouted } from "./join-album.ts";
import {
  dropAskedEdit,
  dropDoneCommand,
  dropOutdated,
  findWaitingTurn,
  replaceQuestion,
  type WaitingTurn,
  withdrawWaiting,
} from "./judge-edit.ts";
import { takeFromRate } from "./limits.ts";
import type { MessageFacts } from "./message-facts.ts";
import { offerCommand } from "./offer-command.ts";
import { isStopWord, type ParsedText, parseCommand } from "./parse-command.ts";
import { rewordRouted } from "./reword-routed.ts";
import type { Rules } from "./rules.ts";
import { runCommand, runSafely } from "./run-command.ts";
import { stopTurns } from "./stop-turns.ts";
import { inPassing, outdated } from "./tell-in-passing.ts";
import { isTriaged, triage } from "./triage.ts";
import { notPaired, tooFast } from "./turn-away.ts";
import { dropped, type Verdict } from "./verdict.ts";

/** What is over, or decided, is so for good. */
const ENDS_ONCE: ReadonlySet<string> = new Set(["cancel", "approve-action", "deny-action"]);

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
  if (rate === undefined && !isStop) return await tooFast(deps, facts, isCalled(facts.message));
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
  if (saysStop(rules, facts)) return true;
  const parsed = parseText(rules, facts, message.text);
  return parsed.kind === "command" && parsed.name === "cancel";
}

function saysStop(rules: Rules, { message, isQuoted }: MessageFacts): boolean {
  const isForUs = message.addressed === 1 || message.text.trim().startsWith("/");
  return isForUs && !isQuoted && isStopWord(message.text, ourNames(rules, message));
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
  if (saysStop(rules, facts) && person !== undefined) {
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
  // A command for another bot of the group, by its name or because we know none such.
  const isOthers = parsed.kind !== "prose";
  if (person === undefined) {
    return isOpen ? await triageOnce(rules, deps, facts) : await notPaired(deps, facts);
  }
  const isForUs = message.addressed === 1 || facts.isOfOurAlbum === true || hearsAll(deps, facts);
  if (!isForUs && isOpen) return await triageOnce(rules, deps, facts);
  if (!isForUs || isOthers) return dropped("not_addressed");
  const isOverheard = message.addressed === 0 && facts.isOfOurAlbum !== true;
  if (isOpen && isOverheard) return await converseOrTriage(rules, deps, facts);
  return offerCommand(deps, facts) ?? (await converse(deps, facts));
}

/** Where all is for us, what may not become a conversation is overheard like anywhere else. */
async function converseOrTriage(
  rules: Rules,
  deps: ModelDeps,
  facts: MessageFacts,
): Promise<Verdict> {
  const reworded = await rewordRouted(rules.triage, deps, facts);
  if (reworded !== undefined) return reworded;
  const verdict = offerCommand(deps, facts) ?? (await converse(deps, facts));
  return verdict.reason === "not_addressed" ? await triageOnce(rules, deps, facts) : verdict;
}

async function triageOnce(rules: Rules, deps: ModelDeps, facts: MessageFacts): Promise<Verdict> {
  return (
    dropAskedEdit(facts) ??
    (await rewordRouted(rules.triage, deps, facts)) ??
    (await joinRouted(deps, facts)) ??
    (await triage(rules.triage, deps, facts))
  );
}

/** Whether all that is said in this group is for us. */
function hearsAll({ modelRules }: ModelDeps, { context }: MessageFacts): boolean {
  return addressingOf(context, modelRules) === "all";
}

/** The command that a text is, when it is meant for us: one that we know, or one that is said to us. */
function readCommand(rules: Rules, facts: MessageFacts) {
  const { message } = facts;
  const parsed = parseText(rules, facts, message.text);
  if (parsed.kind !== "command") return undefined;
  return isCalled(message) ? parsed : undefined;
}

/** Whether a text is for the model to answer. */
function isTalk(rules: Rules, deps: ModelDeps, facts: MessageFacts): boolean {
  if (facts.message.addressed === 0 && !hearsAll(deps, facts)) return false;
  if (readCommand(rules, facts) !== undefined || offerCommand(deps, facts) !== undefined)
    return false;
  return parseText(rules, facts, facts.message.text).kind === "prose";
}

function dropDone(rules: Rules, facts: MessageFacts): Verdict | undefined {
  if (readCommand(rules, facts) === undefined || isStopping(rules, facts)) return undefined;
  return dropDoneCommand(facts);
}

/** What somebody else wrote is prose, whatever it looks like: nobody commands by showing it. */
function parseText(rules: Rules, { message, isQuoted }: MessageFacts, text: string): ParsedText {
  return isQuoted ? { kind: "prose" } : parseCommand(text, ourNames(rules, message));
}

function ourNames({ channels }: Rules, message: MessageFacts["message"]) {
  const ours = channels.botName(message.connector, message.account);
  return (name: string): boolean =>
    ours === undefined ? message.addressed === 1 : name.toLowerCase() === ours.toLowerCase();
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
  if (pressed.kind === "outdated") return outdated(pressed.now);
  const parsed = parseText(rules, facts, pressed.command);
  if (parsed.kind !== "command") return dropped("unknown_button");
  const { context, origin } = pressed;
  const run = await runCommand(rules, deps, { ...facts, context }, parsed, origin);
  const verdict = inPassing({ ...run, replyIn: context });
  const { effects = [], reason } = verdict;
  if (reason === null) return { ...verdict, effects: [...effects, ...pressed.uses] };
  // What was refused has started nothing, and may be pressed again; but what is over never ends again.
  const isPointless = ENDS_ONCE.has(parsed.name) && reason === "conflict";
  return isPointless ? { ...verdict, effects: [...effects, ...pressed.withdrawal] } : verdict;
}
