import type { Commit } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import type { Store } from "../store/store.ts";

type Redact = (text: string) => string;

/** The same store, in which no reply, result or error that is written holds a secret of this process. */
export function redactCommits<S extends Store>(store: S, redact: Redact): S {
  return { ...store, commit: (commit: Commit) => store.commit(redactCommit(commit, redact)) };
}

function redactCommit(commit: Commit, redact: Redact): Commit {
  const effects = commit.effects.map((effect) => redactEffect(effect, redact));
  const { settle } = commit;
  if (settle === undefined || !("error" in settle)) return { ...commit, effects };
  return { ...commit, effects, settle: { ...settle, error: redact(settle.error) } };
}

function redactEffect(effect: Effect, redact: Redact): Effect {
  const orNull = (text: string | null) => (text === null ? null : redact(text));
  switch (effect.type) {
    case "queue-delivery":
      return { ...effect, body: redactDeep(effect.body, redact) as RichText };
    case "settle-message":
    case "decide-message":
      return { ...effect, reason: orNull(effect.reason) };
    case "move-delivery":
    case "move-run":
      return { ...effect, error: orNull(effect.error) };
    case "end-step":
      return { ...effect, error: orNull(effect.error), result: orNull(effect.result) };
    case "move-task":
      return {
        ...effect,
        resultSummary: orNull(effect.resultSummary),
        resultText: orNull(effect.resultText),
        errorMessage: orNull(effect.errorMessage),
      };
    default:
      return effect;
  }
}

/** Every string of plain data; shares what holds none. */
function redactDeep(value: unknown, redact: Redact): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map((item) => redactDeep(item, redact));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, redactDeep(inner, redact)]),
  );
}
