import { may } from "../core/access/permission.ts";
import { newId } from "../core/ids.ts";
import { laneOf, PRIORITY } from "../core/job/lanes.ts";
import { doc, p } from "../core/rich-text/build.ts";
import { expectFiles } from "../operations/expect-files.ts";
import { type ModelDeps, type ModelPermit, permitModel } from "../operations/start-model.ts";
import { beginsAt, joinAlbum } from "./join-album.ts";
import { takeModelNotice } from "./limits.ts";
import type { MessageFacts } from "./message-facts.ts";
import { dropped, type Verdict } from "./verdict.ts";

/** Starts a turn, if this person may have one here; the commit that ends it settles the message. */
export async function converse(deps: ModelDeps, facts: MessageFacts): Promise<Verdict> {
  const { actor, message, context, files, isQuoted } = facts;
  const { role, userId } = actor;
  if (role === undefined || userId === undefined || !may(role, "converse")) {
    const text = `Your role (${role ?? "none"}) may look, but not talk to me. Send /help to see what you can do.`;
    return refuse(facts, "access_denied", text);
  }
  const joined = await joinAlbum(deps, facts);
  if (joined !== undefined) return joined;
  const permit = await permitModel(deps, { role, userId, context, words: message.text });
  if (!permit.isAllowed) return await notPermitted(deps, facts, userId, permit);
  const runId = newId("run");
  const lane = laneOf.turn(context.id);
  return {
    rule: "conversation",
    outcome: "pending",
    reason: null,
    runId,
    effects: [
      ...permit.effects,
      {
        type: "create-run",
        id: runId,
        kind: "turn",
        workspaceId: context.workspace_id,
        contextId: context.id,
        userId,
        messageId: message.id,
        taskId: null,
        taint: isQuoted,
      },
      ...expectFiles(deps, { files, messageId: message.id, context, userId, lane }),
      {
        type: "enqueue-job",
        job: {
          id: newId("job"),
          kind: "run-turn",
          payload: { runId },
          lane,
          priority: PRIORITY.turn,
          runAtMs: beginsAt(deps.now, facts),
        },
      },
    ],
  };
}

/** Nobody is told off for what they did not say to us. */
function refuse({ message }: MessageFacts, reason: string, text: string): Verdict {
  if (message.addressed === 0) return dropped("not_addressed");
  return { rule: "conversation", outcome: "answered", reason, reply: doc(p(text)) };
}

/** Whoever asks too often reads that once a window; the rest is on record. */
async function notPermitted(
  deps: ModelDeps,
  facts: MessageFacts,
  userId: string,
  { reason, text }: Extract<ModelPermit, { isAllowed: false }>,
): Promise<Verdict> {
  if (reason !== "rate_limited" || facts.message.addressed === 0) {
    return refuse(facts, reason, text);
  }
  const notice = await takeModelNotice(deps, userId);
  if (notice === undefined) return dropped("rate_limited");
  return dropped("rate_limited", { reply: doc(p(text)), effects: [notice] });
}
