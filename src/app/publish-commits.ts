import { PUBLISHED_CONNECTORS } from "../core/delivery/delivery.ts";
import { deliverJob } from "../core/delivery/queue-reply.ts";
import type { Commit } from "../core/effect/commit.ts";
import type { Effect, EffectOf } from "../core/effect/effect.ts";
import type { ConnectorName } from "../core/message/inbound-message.ts";
import type { Store } from "../store/store.ts";

const PUBLISHED: ReadonlySet<ConnectorName> = new Set(PUBLISHED_CONNECTORS);

/**
 * The same store, in which what an agent is told without having asked is queued to be sent to the publish URL. The
 * answer to a request of its own stays where it is: it goes back with that request.
 */
export function publishCommits<S extends Store>(store: S): S {
  return { ...store, commit: (commit: Commit) => store.commit(queuePublishing(commit)) };
}

function queuePublishing(commit: Commit): Commit {
  if (!commit.effects.some(isPulled)) return commit;
  const settled = new Set(commit.effects.flatMap(settledMessage));
  const effects = commit.effects.map((effect) => {
    if (!isPulled(effect)) return effect;
    if (effect.messageId !== null && settled.has(effect.messageId)) return effect;
    return { ...effect, job: deliverJob(effect.id, effect.contextId, commit.now) };
  });
  return { ...commit, effects };
}

function isPulled(effect: Effect): effect is EffectOf<"queue-delivery"> {
  return (
    effect.type === "queue-delivery" &&
    effect.job === null &&
    PUBLISHED.has(effect.address.connector)
  );
}

/** A reply that is committed together with its message's outcome is the answer to it. */
function settledMessage(effect: Effect): readonly string[] {
  return effect.type === "settle-message" || effect.type === "decide-message" ? [effect.id] : [];
}
