import { PUBLISHED_CONNECTORS } from "../core/delivery/delivery.ts";
import { deliverJob } from "../core/delivery/queue-reply.ts";
import type { Commit } from "../core/effect/commit.ts";
import type { Effect, EffectOf } from "../core/effect/effect.ts";
import type { ConnectorName } from "../core/message/inbound-message.ts";
import type { Store } from "../store/store.ts";

const AGENTS: ReadonlySet<ConnectorName> = new Set(PUBLISHED_CONNECTORS);

/**
 * The same store, in which what an agent is told without having asked is queued for the publish URL, and kept where there
 * is none: no delivery is claimed. The answer to a request of its own stays as it is: it goes back with that request.
 */
export function agentCommits<S extends Store>(store: S, hasPublishUrl: boolean): S {
  return { ...store, commit: (commit: Commit) => store.commit(judge(commit, hasPublishUrl)) };
}

function judge(commit: Commit, hasPublishUrl: boolean): Commit {
  if (!commit.effects.some(isForAgent)) return commit;
  const settled = new Set(commit.effects.flatMap(settledMessage));
  const effects = commit.effects.map((effect): Effect => {
    if (!isForAgent(effect)) return effect;
    if (effect.messageId !== null && settled.has(effect.messageId)) return effect;
    if (!hasPublishUrl) return { ...effect, isKept: true };
    return { ...effect, job: deliverJob(effect.id, effect.contextId, commit.now) };
  });
  return { ...commit, effects };
}

function isForAgent(effect: Effect): effect is EffectOf<"queue-delivery"> {
  return (
    effect.type === "queue-delivery" && effect.job === null && AGENTS.has(effect.address.connector)
  );
}

/** A reply that is committed together with its message's outcome is the answer to it. */
function settledMessage(effect: Effect): readonly string[] {
  return effect.type === "settle-message" || effect.type === "decide-message" ? [effect.id] : [];
}
