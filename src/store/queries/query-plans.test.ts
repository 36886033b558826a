import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTestStore, type TestStore } from "../../../test/support/open-test-store.ts";
import { promote } from "../effects/job-steps.ts";
import { markOverdue } from "../effects/route-steps.ts";
import { builderFor, type Statement } from "../statement.ts";
import type { Reader } from "../store.ts";
import { countPendingApprovals, listApprovalRows } from "./approvals.ts";
import {
  adminContextsOver,
  chatsOfAdmins,
  contextByAddress,
  privateContextOfPerson,
  privateContextsOfAdmins,
} from "./contexts.ts";
import { conversationMessages } from "./conversation.ts";
import { draftOfRun, listDeliveries } from "./deliveries.ts";
import { editsOfMessage } from "./edits.ts";
import { namedStepsOfRun } from "./explanation.ts";
import { filesOfMessages } from "./files.ts";
import { cancelledJobs, listDeadJobs, nextDueJob } from "./jobs.ts";
import { countOpenDeliveries } from "./ledger.ts";
import {
  decidedParts,
  messagesOfTask,
  pendingMessagesOfRun,
  waitingPartsAfter,
} from "./messages.ts";
import { countOverdue, nextDueTask, overdueTasksOf } from "./overdue-tasks.ts";
import { pendingPairings } from "./pairings.ts";
import { listOpenTaskRows, listTaskRows, taskByIdempotencyKey } from "./tasks.ts";

let opened: TestStore;
let database: Database.Database;

beforeEach(async () => {
  opened = await openTestStore();
  database = new Database(opened.dbPath, { readonly: true });
});
afterEach(async () => {
  database.close();
  await opened.close();
});

/** How SQLite goes about it, a line a step. */
function planOf(sql: string): string {
  const blanks = Array.from(sql.matchAll(/\?/gu), () => null);
  const steps = database.prepare(`explain query plan ${sql}`).all(...blanks);
  return (steps as { detail: string }[]).map(({ detail }) => detail).join("\n");
}

function planOfStatement<P, R>(statement: Statement<P, R>): string {
  return planOf(statement.compiled("sqlite").sql);
}

async function planOfList(list: (store: Reader) => Promise<unknown>): Promise<string> {
  let sql = "";
  await list({
    ...opened.store,
    async list(build) {
      sql = build(builderFor("sqlite")).compile().sql;
      return [];
    },
  });
  return planOf(sql);
}

test.each([
  ["what the steps of a run have cost", namedStepsOfRun, "usage_run"],
  ["running jobs that were cancelled", cancelledJobs, "jobs_cancelled"],
  ["the next job", nextDueJob, "COVERING INDEX jobs_ready"],
  ["what was said in a group", conversationMessages, "messages_kept"],
  ["the edits of a message", editsOfMessage, "messages_edits"],
] as const)("%s are found by an index that holds little else", (_what, statement, index) => {
  const plan = planOfStatement(statement as Statement<never>);
  expect(plan).toContain(index);
  expect(plan).not.toMatch(/SCAN \w+$/mu);
});

test.each([
  ["all dead letters", undefined],
  ["dead letters of one kind", "deliver"],
] as const)("%s are found by an index that holds little else", async (_what, kind) => {
  const list = (store: Reader) => listDeadJobs(store, { kind, beforeSeq: 9, limit: 10 });
  expect(await planOfList(list)).toContain("jobs_dead");
});

test("the next of a lane is found without its dead letters", () => {
  const plan = planOfStatement(promote as Statement<never>);
  expect(plan).toContain("jobs_behind (lane=?)");
  expect(plan).toContain("jobs_one_head (lane=?)");
  expect(plan).not.toMatch(/SCAN|jobs_lane/u);
});

const scope = { userId: "usr_1", workspaceId: "ws_1", contextId: "ctx_1" };

test("open tasks are found without the history of their workspace", async () => {
  expect(await planOfList((store) => listOpenTaskRows(store, { scope }))).toBe(
    "SCAN tasks USING INDEX tasks_open",
  );
});

test("tasks whose time has passed are found without all others", () => {
  expect(planOfStatement(nextDueTask as Statement<never>)).toBe(
    "SEARCH tasks USING INDEX tasks_due (due_at_ms>?)",
  );
  expect(planOfStatement(markOverdue as Statement<never>)).toContain(
    "SEARCH tasks USING INDEX tasks_due (due_at_ms<?)",
  );
  expect(planOfStatement(countOverdue)).toBe(
    "SEARCH tasks USING INDEX tasks_overdue (overdue_notice=?)",
  );
  expect(planOfStatement(overdueTasksOf)).toBe(
    "SEARCH tasks USING INDEX tasks_overdue (overdue_notice=? AND workspace_id=?)",
  );
});

test.each([
  [
    "open ones",
    { state: "pending", scope: undefined },
    /^SCAN approvals USING INDEX approvals_open$/mu,
  ],
  [
    "those of a person",
    { scope: { userId: "usr_1", workspaceId: null, contextId: null } },
    /^SEARCH approvals USING INDEX approvals_user \(requested_by_user_id=\?/mu,
  ],
  [
    "those of a conversation",
    { scope: undefined, contextId: "ctx_1" },
    /^SEARCH approvals USING INDEX approvals_context \(context_id=\?/mu,
  ],
] as const)("of approvals, %s are found without all others", async (_what, filter, plan) => {
  const list = (store: Reader) =>
    listApprovalRows(store, { ...filter, isForGroup: false, limit: 10 });
  expect(await planOfList(list)).toMatch(plan);
  expect(await planOfList(list)).not.toContain("USE TEMP B-TREE");
  expect(planOfStatement(countPendingApprovals)).toMatch(/COVERING INDEX approvals_(?:open|due)$/u);
});

test.each([
  ["failed", "SEARCH tasks USING INDEX tasks_ended (status=? AND seq<?)"],
  ["running", "SEARCH tasks USING INDEX tasks_open (seq<?)"],
] as const)("%s tasks of everybody are found without the other ones", async (status, plan) => {
  const list = (store: Reader) =>
    listTaskRows(store, { scope: undefined, status, beforeSeq: 9, limit: 10 });
  expect(await planOfList(list)).toBe(plan);
});

test("overdue tasks of everybody are found without those that are over", async () => {
  const list = (store: Reader) => listTaskRows(store, { scope: undefined, dueByMs: 9, limit: 10 });
  expect(await planOfList(list)).toBe("SCAN tasks USING INDEX tasks_open");
});

test.each([
  [{ workspaceId: undefined }, /^SEARCH deliveries USING INDEX deliveries_open \(state=\?\)\n/u],
  [{ workspaceId: "ws_1" }, /^SEARCH deliveries USING INDEX deliveries_open \(state=\?\)\n/u],
])("dead deliveries are found without the history %j", async (who, plan) => {
  expect(
    await planOfList((store) => listDeliveries(store, { ...who, state: "dead", limit: 10 })),
  ).toMatch(plan);
});

test("open deliveries are counted, and kept ones found, without the history", async () => {
  expect(planOfStatement(countOpenDeliveries as Statement<never>)).toBe(
    "SEARCH deliveries USING COVERING INDEX deliveries_open (state=?)",
  );
  const kept = (store: Reader) =>
    listDeliveries(store, { workspaceId: undefined, state: "kept", limit: 10 });
  expect(await planOfList(kept)).toMatch(
    /^SEARCH deliveries USING INDEX deliveries_open \(state=\?\)\n/u,
  );
});

test("the draft of an answer is found without the history", () => {
  expect(planOfStatement(draftOfRun)).toContain("deliveries_one_draft (run_id=?)");
});

test("a task is found by its idempotency key, and conversations by their workspace", async () => {
  expect(planOfStatement(taskByIdempotencyKey)).toContain("tasks_idempotency");
  expect(planOfStatement(privateContextsOfAdmins)).toContain("contexts_workspace");
  for (const chats of [chatsOfAdmins, privateContextOfPerson]) {
    expect(planOfStatement(chats as Statement<never>)).toContain(
      "contexts_person (connector=? AND external_id>? AND external_id<?)",
    );
  }
});

test("the parts of an album and their files are found without the history of the conversation", async () => {
  expect(planOfStatement(pendingMessagesOfRun)).toContain("messages USING INDEX messages_pending");
  expect(planOfStatement(messagesOfTask)).toContain("messages USING INDEX messages_task");
  const byAlbum = "messages_album (context_id=? AND album_id=?";
  expect(planOfStatement(decidedParts)).toContain(byAlbum);
  expect(planOfStatement(waitingPartsAfter)).toContain(byAlbum);
  const plan = await planOfList((store) => filesOfMessages(store, ["msg_1", "msg_2"]));
  expect(plan).toContain("SEARCH files USING INDEX files_message (message_id=?)");
});

test("where an address leads is found by keys alone", () => {
  const plan = planOfStatement(contextByAddress);
  expect(plan).toContain("SEARCH contexts USING INDEX sqlite_autoindex_contexts_1 (id=?)");
  expect(plan).toContain(
    "SEARCH former_addresses USING PRIMARY KEY (connector=? AND account=? AND external_id=?)",
  );
  expect(plan).toContain(
    "SEARCH there USING INDEX sqlite_autoindex_contexts_2 (connector=? AND account=? AND external_id=?)",
  );
  expect(plan).not.toContain("SCAN contexts");
});

test("who waits to be let in is found without whoever was", () => {
  expect(planOfStatement(pendingPairings)).toBe(
    "SEARCH pairings USING INDEX pairings_pending (id>?)",
  );
});

test("admin contexts are found without the other conversations", () => {
  expect(planOfStatement(adminContextsOver)).toContain("contexts USING INDEX contexts_admin");
});

test("the newest tasks of a person are found without sorting all of them", async () => {
  const plan = await planOfList((store) => listTaskRows(store, { scope, limit: 10 }));
  for (const index of ["tasks_workspace", "tasks_requester", "tasks_context"]) {
    expect(plan).toContain(index);
  }
  expect(plan).not.toMatch(/MULTI-INDEX OR|SCAN tasks/u);
});
