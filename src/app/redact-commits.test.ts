import { expect, test } from "vitest";
import { aTask } from "../../test/contracts/fixtures.ts";
import type { Commit } from "../core/effect/commit.ts";
import type { Effect, EffectOf } from "../core/effect/effect.ts";
import type { Settle } from "../core/job/job.ts";
import { createRedactor, MASK } from "../core/redact.ts";
import { doc, p } from "../core/rich-text/build.ts";
import { summaryOf, titleOf } from "../core/task/task.ts";
import { routedTitle } from "../core/triage/routed-task.ts";
import { routingOf } from "../core/triage/routing.ts";
import type { Store } from "../store/store.ts";
import { redactCommits } from "./redact-commits.ts";

const SECRET = "canary-of-a-secret";
const TEXT = `before ${SECRET} after`;
const MASKED = `before ${MASK} after`;
const [TASK] = aTask({ workspaceId: "ws_1", contextId: "ctx_1" }, "idn_1");

/** Every effect that is masked, with a secret in each of its texts: what a person reads, and what a log would repeat. */
const EFFECTS = {
  "queue-delivery": {
    type: "queue-delivery",
    id: "dlv_1",
    contextId: "ctx_1",
    address: { connector: "telegram", account: "77", externalId: "1001" },
    kind: "send",
    body: doc(p(TEXT)),
    replyToExternalId: null,
    messageId: null,
    runId: null,
    taskId: null,
    job: null,
    mail: { id: "mail_1", subject: TEXT, to: [], cc: [] },
  },
  "settle-message": { type: "settle-message", id: "msg_1", outcome: "failed", reason: TEXT },
  "decide-message": {
    type: "decide-message",
    id: "msg_1",
    rule: "paired",
    identityId: null,
    trust: "paired",
    runId: null,
    taskId: null,
    outcome: "failed",
    reason: TEXT,
    toldPresser: TEXT,
  },
  "decide-pairing": {
    type: "decide-pairing",
    id: "pair_1",
    status: "denied",
    decidedBy: "idn_1",
    approverUserId: "usr_1",
    reason: TEXT,
    userId: null,
  },
  "drop-delivery": { type: "drop-delivery", id: "dlv_1", droppedBy: "idn_1", reason: TEXT },
  "expect-file": {
    type: "expect-file",
    id: "file_1",
    messageId: "msg_1",
    workspaceId: "ws_1",
    contextId: "ctx_1",
    userId: "usr_1",
    kind: "document",
    sourceId: "BQAC",
    name: TEXT,
    declaredBytes: 1,
  },
  "create-workspace": { type: "create-workspace", id: "ws_1", name: TEXT, ownerUserId: null },
  "change-context": {
    type: "change-context",
    id: "ctx_1",
    fromVersion: 1,
    workspaceId: "ws_1",
    supervision: null,
    prompt: TEXT,
    addressing: null,
    isTriaged: false,
  },
  "create-key": {
    type: "create-key",
    id: "key_1",
    userId: "usr_1",
    name: TEXT,
    prefix: "ark_k3v9qd7m",
    hash: "0123",
    createdBy: "idn_1",
  },
  "create-task": { ...TASK, title: TEXT },
  "route-task": {
    type: "route-task",
    id: "task_1",
    words: { title: TEXT, prompt: "p", sourceText: "p" },
    ...routingOf({ routeClass: "issue" }, 0),
  },
  "reword-task": {
    type: "reword-task",
    id: "task_1",
    title: TEXT,
    prompt: "p",
    sourceText: "p",
    taint: true,
    ...routingOf({ routeClass: "issue" }, 0),
  },
  "move-delivery": {
    type: "move-delivery",
    id: "dlv_1",
    fromVersion: 1,
    to: "dead",
    parts: null,
    partsSent: 0,
    receipts: "[]",
    marked: false,
    error: TEXT,
  },
  "move-run": {
    type: "move-run",
    id: "run_1",
    from: ["running"],
    to: "failed",
    model: null,
    error: TEXT,
  },
  "end-step": { type: "end-step", id: "step_1", state: "failed", result: TEXT, error: TEXT },
  "move-task": {
    type: "move-task",
    id: "task_1",
    from: ["running"],
    to: "failed",
    runId: null,
    resultSummary: TEXT,
    resultText: TEXT,
    errorMessage: TEXT,
  },
} as const satisfies { readonly [T in Effect["type"]]?: EffectOf<T> };

/** What the wrapped store hands to the one below it. */
async function written(commit: Pick<Commit, "effects" | "settle">): Promise<Commit | undefined> {
  const seen: Commit[] = [];
  const below: Pick<Store, "commit"> = {
    async commit(one) {
      seen.push(one);
      return "committed";
    },
  };
  const store = redactCommits(below as Store, createRedactor([SECRET]));
  await store.commit({ name: "test", actor: "system", cause: "test", now: 1, ...commit });
  return seen[0];
}

test.each(Object.values(EFFECTS))(
  "$type holds no secret in any of its texts, and the rest is as it was",
  async (effect) => {
    const commit = await written({ effects: [effect] });
    expect(commit?.effects).toEqual([JSON.parse(JSON.stringify(effect).replaceAll(TEXT, MASKED))]);
  },
);

test("a title cut from the prompt shows no half of a secret, and the work gets its prompt whole", async () => {
  const prompt = `${"x".repeat(60)}:${SECRET}`;
  const commit = await written({ effects: [{ ...TASK, title: titleOf(prompt), prompt }] });
  expect(commit?.effects).toEqual([{ ...TASK, title: `${"x".repeat(60)}:${MASK}`, prompt }]);
});

test("nor does the title of what triage made, or what it is called when it is routed", async () => {
  const text = `${"x".repeat(50)}:${SECRET}`;
  const title = routedTitle("issue", text);
  expect(title).not.toContain(SECRET);
  const words = { title, prompt: text, sourceText: text };
  const commit = await written({
    effects: [
      { ...TASK, ...words, routeClass: "issue" },
      { type: "route-task", id: "task_1", words, ...routingOf({ routeClass: "issue" }, 0) },
      { ...EFFECTS["reword-task"], ...words },
    ],
  });
  const masked = { title: `[ISSUE] ${"x".repeat(50)}:${MASK}`, prompt: text };
  expect(commit?.effects).toMatchObject([masked, { words: masked }, masked]);
});

test("nor does the summary of a result", async () => {
  const resultText = `${"la ".repeat(55)}[canary-](https://a.example)of-a-secret it was`;
  const moved = { ...EFFECTS["move-task"], resultText, resultSummary: summaryOf(resultText) };
  expect(moved.resultSummary).not.toContain("of-a-secret");
  const commit = await written({ effects: [moved] });
  const masked = `${"la ".repeat(55)}${MASK} it was`;
  expect(commit?.effects).toMatchObject([{ resultText: masked, resultSummary: summaryOf(masked) }]);
  expect(summaryOf(masked)).toContain(MASK);
});

test.each<Settle>([
  { kind: "retry", atMs: 1, error: TEXT },
  { kind: "dead", error: TEXT },
])("a job that ends as $kind holds no secret in its error", async (settle) => {
  const commit = await written({ effects: [], settle });
  expect(commit?.settle).toEqual({ ...settle, error: MASKED });
});
