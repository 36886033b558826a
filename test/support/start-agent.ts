import { join } from "node:path";
import type { Selectable } from "kysely";
import { createProjectFileHandler } from "../../src/agent/project-task-file.ts";
import { createRunTaskHandler } from "../../src/agent/run-task.ts";
import { createRunTurnHandler } from "../../src/agent/run-turn.ts";
import type { WorkDeps } from "../../src/agent/work-scene.ts";
import type { Actor } from "../../src/core/access/actor.ts";
import type { Decision } from "../../src/core/effect/commit.ts";
import type { Effect } from "../../src/core/effect/effect.ts";
import { newId } from "../../src/core/ids.ts";
import { OFFLINE_PLAN } from "../../src/core/model/model-plan.ts";
import { createCallTimes } from "../../src/core/run/call-times.ts";
import type { Service } from "../../src/core/service.ts";
import type { RouteClass } from "../../src/core/task/task.ts";
import { createMeteredGate, type MeteredGateDeps } from "../../src/llm/metered-gate.ts";
import { createOfflineModel } from "../../src/llm/offline-model.ts";
import type { Model } from "../../src/llm/open-models.ts";
import { createPrices } from "../../src/llm/prices.ts";
import { changeContext } from "../../src/operations/change-context.ts";
import { decideApproval } from "../../src/operations/decide-approval.ts";
import type { OperationDeps } from "../../src/operations/operation.ts";
import { nameDecider } from "../../src/operations/revise-routed-card.ts";
import { createSqliteEngine } from "../../src/orchestrator/engines/sqlite-engine.ts";
import type { JobHandler } from "../../src/orchestrator/job-handler.ts";
import { createWorkerPool } from "../../src/orchestrator/worker-pool.ts";
import { createApprovalTimers } from "../../src/scheduler/approval-timers.ts";
import { createReleaseAtCapHandler } from "../../src/scheduler/release-at-cap.ts";
import { commitDecision } from "../../src/store/commit-decision.ts";
import { contextById } from "../../src/store/queries/contexts.ts";
import type { Tables } from "../../src/store/tables.ts";
import type { Tool } from "../../src/tools/tool.ts";
import { createToolbox, type ToolSource } from "../../src/tools/toolbox.ts";
import { ADDRESS, aMessage, anIdentity, aTask } from "./ann-asks.ts";
import { NO_CAPS } from "./no-caps.ts";
import { openTestStore, type TestStore } from "./open-test-store.ts";
import { promptRulesIn } from "./prompt-rules.ts";

const LIMITS = { steps: 6, seconds: 120, toolCalls: 20, tokens: 100_000 };
const SILENT = { write: () => undefined };

type Row<K extends keyof Tables> = Selectable<Tables[K]>;

/** One conversation of one person, and the agent's handlers on real workers and a real store. */
export interface TestAgent extends TestStore {
  readonly contextId: string;
  readonly workspaceId: string;
  readonly workspaceRoot: string;
  /** What the draft sink was told, in order. */
  readonly drafts: readonly string[];
  /** The runs whose draft is open. */
  readonly openDrafts: ReadonlySet<string>;
  /** One signal for each time the chat was shown that work goes on. */
  readonly presence: readonly AbortSignal[];
  /** A conversation message with its queued turn. In the person's conversation unless another one is given. */
  say(
    text: string,
    contextId?: string,
  ): Promise<{ messageId: string; runId: string; jobId: string }>;
  /** In the person's conversation unless another one is given. */
  createTask(
    prompt: string,
    about?: { readonly contextId: string; readonly routeClass: RouteClass | null },
  ): Promise<{ taskId: string; jobId: string }>;
  /** As Bea. */
  cancel(jobId: string): Promise<void>;
  /** As an admin, Bea; by their whole id. */
  decide(approvalId: string, approved: boolean, note?: string): Promise<void>;
  /** What Ann does, the member whom the work is for. */
  asAnn(decide: (deps: OperationDeps, ann: Actor) => Promise<Decision>): Promise<void>;
  setPrompt(prompt: string): Promise<void>;
  addGroup(id: string): Promise<void>;
  /** A group where admins are told of what fails. */
  addHub(id: string): Promise<void>;
  rows<K extends keyof Tables>(table: K): Promise<readonly Row<K>[]>;
  /** The rows, read again after every commit until `isDone` accepts them. */
  until<K extends keyof Tables>(
    table: K,
    isDone: (rows: readonly Row<K>[]) => boolean,
  ): Promise<readonly Row<K>[]>;
  /** Starts workers as a new process would: what a former one still holds is taken from it. */
  startWorkers(
    model?: Model,
    isModelEnabled?: boolean,
    more?: Partial<Pick<MeteredGateDeps, "caps" | "findPrice" | "plan" | "open">>,
  ): Promise<Service>;
}

export async function openTestAgent(
  tools: readonly Tool[] = [],
  more: { readonly undoMs?: number; readonly sources?: readonly ToolSource[] } = {},
): Promise<TestAgent> {
  const test = await openTestStore();
  const { store, clock } = test;
  const workspaceRoot = join(test.directory, "workspaces");
  const drafts: string[] = [];
  const openDrafts = new Set<string>();
  const presence: AbortSignal[] = [];
  const pools: Service[] = [];
  const workspaceId = newId("ws");
  const userId = newId("usr");
  const contextId = newId("ctx");
  let said = 0;

  function commit(cause: string, effects: readonly Effect[]) {
    const step = { name: "test", actor: "test", cause };
    return commitDecision({ store, clock }, step, async () => ({ effects, seen: [] }));
  }

  async function rows<K extends keyof Tables>(table: K): Promise<readonly Row<K>[]> {
    const all: unknown = await store.list((db) => db.selectFrom(table as keyof Tables).selectAll());
    return all as readonly Row<K>[];
  }

  await commit("set-up", [
    { type: "create-workspace", id: workspaceId, name: "Ann", ownerUserId: null },
    { type: "create-user", id: userId, displayName: "Ann", role: "member", workspaceId },
    anIdentity(userId, "42", "Ann"),
    {
      type: "create-context",
      id: contextId,
      workspaceId,
      address: ADDRESS,
      kind: "private",
      title: "Ann",
    },
  ]);

  const adminId = newId("usr");
  const admin: Actor = { id: newId("idn"), userId: adminId, role: "admin", displayName: "Bea" };
  await commit("set-up", [
    { type: "create-user", id: adminId, displayName: "Bea", role: "admin", workspaceId },
    anIdentity(adminId, "43", "Bea"),
  ]);

  const ann: Actor = { id: newId("idn"), userId, role: "member", displayName: "Ann" };
  const place = { contextId, workspaceId, userId };
  const aGroup = (id: string): Effect => ({
    type: "create-context",
    id,
    workspaceId,
    address: { connector: "telegram", account: "77", externalId: id },
    kind: "group",
    title: id,
  });

  return {
    ...test,
    contextId,
    workspaceId,
    workspaceRoot,
    drafts,
    openDrafts,
    presence,
    rows,
    until: (table, isDone) =>
      store.changes.waitFor(
        () => true,
        async () => {
          const all = await rows(table);
          return isDone(all) ? all : undefined;
        },
        AbortSignal.timeout(30_000),
      ),
    async startWorkers(model, isModelEnabled = true, gateDeps = {}) {
      const common = { clock, log: SILENT, callTimes: createCallTimes() };
      const gate = createMeteredGate({
        reader: store,
        plan: OFFLINE_PLAN,
        open: async () => model ?? createOfflineModel(),
        findPrice: createPrices().find,
        caps: NO_CAPS,
        maxOutputTokens: 4_096,
        silenceMs: 60_000,
        isEnabled: isModelEnabled,
        ...common,
        ...gateDeps,
      });
      const work: WorkDeps = {
        ...common,
        store,
        gate,
        toolbox: createToolbox(tools, more.sources),
        approvals: {
          preset: "sensitive-only",
          twoPersonClasses: [],
          lifeMsOf: () => 1_000_000,
          undoMs: more.undoMs ?? 0,
        },
        limits: LIMITS,
        prompts: promptRulesIn(test.directory),
        outputGuard: { mode: "disabled", values: [] },
        redact: (text) => text,
        mayOffer: (command) => command.startsWith("/task"),
        folderOf: (id) => join(workspaceRoot, id),
      };
      const handlers = [
        createRunTurnHandler({
          presence: { show: (_to, signal) => presence.push(signal) },
          drafts: {
            open({ runId }) {
              openDrafts.add(runId);
              return {
                write: (text) => void drafts.push(text),
                settle: async () => undefined,
                end: () => void openDrafts.delete(runId),
              };
            },
          },
          commands: [{ name: "help", summary: "shows the commands" }],
          ...work,
        }),
        createRunTaskHandler(work),
        ...createApprovalTimers({ store, clock, deafAfterSleepMs: 35_000 }),
        createReleaseAtCapHandler({ store, caps: gate.spendRules.caps }),
        createProjectFileHandler({ store, workspaceRoot, redact: (text) => text }),
      ] as unknown as JobHandler<never>[];
      const engine = createSqliteEngine(store, clock, newId("epoch"));
      const sizes = { light: 4, heavy: 4 };
      const pool = createWorkerPool({
        random: () => 0,
        store,
        clock,
        log: SILENT,
        engine,
        handlers,
        sizes,
      });
      pools.push(pool);
      await pool.start(new AbortController().signal);
      return pool;
    },
    async say(text, inContextId = contextId) {
      said += 1;
      const messageId = newId("msg");
      const runId = newId("run");
      const jobId = newId("job");
      await commit(
        messageId,
        aMessage({
          ...place,
          contextId: inContextId,
          messageId,
          runId,
          jobId,
          text,
          number: said,
          now: clock.now(),
        }),
      );
      return { messageId, runId, jobId };
    },
    async createTask(prompt, about = { contextId, routeClass: null }) {
      const taskId = newId("task");
      const jobId = newId("job");
      await commit(taskId, aTask({ ...place, ...about, taskId, jobId, prompt, now: clock.now() }));
      return { taskId, jobId };
    },
    async setPrompt(prompt) {
      const row = await store.first(contextById, { id: contextId });
      if (row === undefined) throw new Error("no conversation");
      await commit("set-prompt", [changeContext(row, { prompt })]);
    },
    async addGroup(id) {
      await commit("add-group", [aGroup(id)]);
    },
    async addHub(id) {
      await commit("add-hub", [
        aGroup(id),
        {
          type: "change-context",
          id,
          fromVersion: 1,
          workspaceId,
          supervision: { of: "hub", userId },
          prompt: null,
          addressing: null,
          isTriaged: false,
        },
      ]);
    },
    async decide(approval, approved, note) {
      const step = { name: "decide-approval", actor: admin.id, cause: "test" };
      await commitDecision({ store, clock }, step, (now) =>
        decideApproval({ store, now, twoPersonClasses: [] }, admin, { approval, approved, note }),
      );
    },
    async asAnn(decide) {
      const step = { name: "test", actor: ann.id, cause: "test" };
      await commitDecision({ store, clock }, step, (now) => decide({ store, now }, ann));
    },
    async cancel(jobId) {
      await commit("cancel", [{ type: "cancel-job", jobId, by: nameDecider(admin) }]);
    },
    async close() {
      for (const pool of pools) await pool.stop();
      await test.close();
    },
  };
}
