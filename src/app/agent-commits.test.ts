import { describe, expect, test } from "vitest";
import { queueReply } from "../core/delivery/queue-reply.ts";
import type { Commit } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import type { ConnectorName } from "../core/message/inbound-message.ts";
import { doc, p } from "../core/rich-text/build.ts";
import type { Store } from "../store/store.ts";
import { agentCommits } from "./agent-commits.ts";

/** What reaches the store of a commit with these effects. */
async function committed(effects: readonly Effect[], hasPublishUrl: boolean) {
  const reached: Commit[] = [];
  const store = {
    commit: async (commit: Commit) => {
      reached.push(commit);
      return "committed" as const;
    },
  } as Store;
  const about = { name: "test", actor: "system", cause: "test", now: 1_000 };
  await agentCommits(store, hasPublishUrl).commit({ ...about, effects });
  return reached.flatMap((commit) => commit.effects);
}

const say = (connector: ConnectorName, messageId: string | null) =>
  queueReply({
    context: { id: "ctx_1", connector, account: "idn_1", external_id: "session-1" },
    body: doc(p("Done: water the plants")),
    messageId,
    runId: "run_1",
    taskId: null,
    replyToExternalId: null,
    now: 1_000,
  });
const settle = (id: string): Effect => ({
  type: "settle-message",
  id,
  outcome: "answered",
  reason: null,
});

describe.each(["codex", "cline", "gemini"] as const)("%s", (connector) => {
  test.each([
    ["the result of what was settled before", [say(connector, "msg_1")]],
    ["a notice about nothing it said", [say(connector, null)]],
    [
      "what belongs to another message than the settled",
      [say(connector, "msg_1"), settle("msg_2")],
    ],
  ])("%s is queued for the publish URL, and kept without one", async (_what, effects) => {
    expect((await committed(effects, true))[0]).toMatchObject({
      job: { kind: "deliver", lane: "out:ctx_1" },
    });
    expect((await committed(effects, false))[0]).toMatchObject({ job: null, isKept: true });
  });

  test.each([true, false])("its answer goes back with its request (URL: %s)", async (hasUrl) => {
    const effects = [say(connector, "msg_1"), settle("msg_1")];
    expect(await committed(effects, hasUrl)).toEqual(effects);
  });
});

test.each(["web", "cli", "api", "telegram"] as const)("%s is left alone", async (connector) => {
  const effects = [say(connector, null), say(connector, "msg_1")];
  for (const hasUrl of [true, false]) expect(await committed(effects, hasUrl)).toEqual(effects);
});
