import type { Commit } from "../core/effect/commit.ts";
import type { Effect, EffectOf } from "../core/effect/effect.ts";
import type { Redactor } from "../core/redact.ts";
import { redactMarkdown } from "../core/redact-markdown.ts";
import { redactRichText } from "../core/redact-rich-text.ts";
import { summaryOf, titleOf } from "../core/task/task.ts";
import { routedTitle } from "../core/triage/routed-task.ts";
import type { Store } from "../store/store.ts";

/** The same store, in which no reply, result or error that is written holds a secret of this process. */
export function redactCommits<S extends Store>(store: S, redactor: Redactor): S {
  return { ...store, commit: (commit: Commit) => store.commit(redactCommit(commit, redactor)) };
}

function redactCommit(commit: Commit, redactor: Redactor): Commit {
  const effects = commit.effects.map((effect) => redactEffect(effect, redactor));
  const { settle } = commit;
  if (settle === undefined || !("error" in settle)) return { ...commit, effects };
  return { ...commit, effects, settle: { ...settle, error: redactor.redact(settle.error) } };
}

function redactEffect(effect: Effect, redactor: Redactor): Effect {
  const orNull = (text: string | null) => (text === null ? null : redactor.redact(text));
  switch (effect.type) {
    case "queue-delivery":
      return {
        ...effect,
        body: redactRichText(effect.body, redactor),
        ...redactMail(effect, redactor),
      };
    case "decide-message":
      return { ...effect, reason: orNull(effect.reason), ...redactTold(effect, redactor) };
    case "settle-message":
    case "decide-pairing":
      return { ...effect, reason: orNull(effect.reason) };
    case "pin-rule":
    case "write-summary":
      return { ...effect, text: redactor.redact(effect.text) };
    case "change-context":
      return { ...effect, prompt: orNull(effect.prompt) };
    case "expect-file":
      return { ...effect, name: orNull(effect.name) };
    case "create-workspace":
    case "create-key":
      return { ...effect, name: redactor.redact(effect.name) };
    case "drop-delivery":
      return { ...effect, reason: redactor.redact(effect.reason) };
    // Its prompt stays whole: the work needs it. Whoever shows it redacts it.
    case "create-task":
    case "reword-task":
      return { ...effect, title: redactTitle(effect, redactor) };
    case "route-task":
      return { ...effect, words: redactWords(effect, redactor) };
    case "move-delivery":
    case "move-run":
      return { ...effect, error: orNull(effect.error) };
    case "end-step":
      return { ...effect, error: orNull(effect.error), result: orNull(effect.result) };
    // Its arguments stay exact: they are what is approved. Whoever shows them redacts them.
    case "open-approval":
      return {
        ...effect,
        line: redactor.redact(effect.line),
        taintedBy: effect.taintedBy.map(redactor.redact),
      };
    // Its digest stays that of what the server said: whatever it changes is noticed.
    case "pin-mcp-tool":
      return { ...effect, definition: redactor.redact(effect.definition) };
    case "change-mcp-tool":
      return {
        ...effect,
        to: effect.to && { ...effect.to, definition: redactor.redact(effect.to.definition) },
      };
    case "decide-approval":
      return { ...effect, note: orNull(effect.note) };
    case "deny-call":
      return { ...effect, result: redactor.redact(effect.result) };
    case "move-task":
      return {
        ...effect,
        ...redactResult(effect, redactor),
        errorMessage: orNull(effect.errorMessage),
      };
    default:
      return effect;
  }
}

function redactMail({ mail }: EffectOf<"queue-delivery">, { redact }: Redactor) {
  return mail === undefined ? {} : { mail: { ...mail, subject: redact(mail.subject) } };
}

function redactTold({ toldPresser }: EffectOf<"decide-message">, { redact }: Redactor) {
  return toldPresser === undefined ? {} : { toldPresser: redact(toldPresser) };
}

/** A summary that was cut from the result is cut again from the masked one: half a secret is not recognised. */
function redactResult(
  { resultSummary, resultText }: EffectOf<"move-task">,
  redactor: Redactor,
): Pick<EffectOf<"move-task">, "resultSummary" | "resultText"> {
  const orNull = (text: string | null) => (text === null ? null : redactMarkdown(text, redactor));
  const clean = orNull(resultText);
  const isCut = resultText !== null && resultSummary === summaryOf(resultText);
  const summary = isCut && clean !== null ? summaryOf(clean) : orNull(resultSummary);
  return { resultSummary: summary, resultText: clean };
}

function redactWords({ words, routeClass }: EffectOf<"route-task">, redactor: Redactor) {
  if (words === null) return null;
  return { ...words, title: redactTitle({ ...words, routeClass }, redactor) };
}

/** A title that was cut from what was written is cut again from the masked one: half a secret is not recognised. */
function redactTitle(
  task: Pick<EffectOf<"create-task">, "title" | "prompt" | "routeClass" | "sourceText">,
  { redact }: Redactor,
): string {
  const { title, prompt, routeClass, sourceText } = task;
  if (routeClass !== null && title === routedTitle(routeClass, sourceText)) {
    return routedTitle(routeClass, redact(sourceText));
  }
  return title === titleOf(prompt) ? titleOf(redact(prompt)) : redact(title);
}
