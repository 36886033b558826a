import { afterEach, beforeEach, expect, test } from "vitest";
import { aGroup, type Gateway, openGateway } from "../../test/support/open-gateway.ts";
import { ownWordsOf } from "../../test/support/own-words-of.ts";
import type { Effect } from "../core/effect/effect.ts";
import { newId } from "../core/ids.ts";
import { laneOf } from "../core/job/lanes.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import { toPlainText } from "../core/rich-text/to-plain-text.ts";
import { changeContext } from "../operations/change-context.ts";
import { createTask } from "../operations/create-task.ts";
import { routeTask } from "../operations/route-task.ts";
import { createSqliteEngine } from "../orchestrator/engines/sqlite-engine.ts";
import { runJob } from "../orchestrator/run-job.ts";
import { contextById } from "../store/queries/contexts.ts";
import { jobsOfLane } from "../store/queries/jobs.ts";
import type { Store } from "../store/store.ts";
import { planRounds } from "./plan-rounds.ts";
import { createTellOverdueHandler } from "./tell-overdue.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const BETWEEN_NOTICES_MS = 5 * MINUTE_MS;
let gateway: Gateway;
let hub: string;
let team: string;

beforeEach(async () => {
  gateway = await openGateway();
  await gateway.aPerson("admin");
  hub = await supervising({}, "hub");
  team = await supervising(aGroup("-1"), "workspace");
  await planRounds(gateway);
});
afterEach(() => gateway.close());

async function supervising(
  message: Parameters<Gateway["say"]>[1],
  of: "hub" | "workspace",
): Promise<string> {
  const { message: said } = await gateway.say("/help", message);
  const row = await gateway.store.first(contextById, { id: said.context_id });
  if (row === undefined) throw new Error("no conversation");
  const supervision = { of, userId: gateway.owner.userId } as const;
  await gateway.commit("test", async () => ({
    seen: [],
    effects: [changeContext(row, { supervision })],
  }));
  return row.id;
}

const OWN = { address: { connector: "api", account: "key", externalId: "x" }, title: "x" } as const;

/** A task of the owner, due in an hour unless said otherwise; in their own conversation or in another. */
async function aTask(title: string, more: { dueInMs?: number; contextId?: string } = {}) {
  const { dueInMs = HOUR_MS, contextId } = more;
  const made = await gateway.commit("create-task", (deps) =>
    createTask(deps, gateway.ownerActor, {
      prompt: title,
      place: contextId === undefined ? OWN : { contextId },
      messageId: null,
      dueAtMs: deps.now + dueInMs,
    }),
  );
  return made.task.id;
}

/** Tasks that wait for nobody. */
async function manyTasks(count: number, dueAtMs: number): Promise<void> {
  await gateway.commit("create-task", async (deps) => {
    const input = { prompt: "one of many", place: OWN, messageId: null, dueAtMs };
    const made = await createTask(deps, gateway.ownerActor, input);
    const create = made.effects.filter((effect) => effect.type === "create-task");
    const others = made.effects.filter(({ type }) => type === "create-context");
    const tasks = Array.from({ length: count }, () =>
      create.map((one): Effect => ({ ...one, id: newId("task"), waits: true })),
    );
    return { seen: made.seen, effects: [...others, ...tasks.flat()] };
  });
}

/** Runs the look if it is due, as a process would; the commits of `store` may be watched. */
async function look(store: Store = gateway.store): Promise<boolean> {
  const { clock } = gateway;
  const engine = createSqliteEngine(gateway.store, clock, newId("epoch"));
  const jobs = await engine.claim("light", 50, clock.now());
  for (const job of jobs.filter(({ kind }) => kind !== "tell-overdue")) {
    const claim = { jobId: job.id, lane: job.lane, token: job.token };
    const cause = { name: "test", actor: "system", cause: "test", now: clock.now(), effects: [] };
    await gateway.store.commit({ ...cause, claim, settle: { kind: "done" } });
  }
  const job = jobs.find(({ kind }) => kind === "tell-overdue");
  if (job === undefined) return false;
  const log = { write: () => undefined };
  const handler = createTellOverdueHandler({ store, clock });
  await runJob({ store, clock, random: () => 0, log }, handler, job).done;
  return true;
}

/** In how many milliseconds the next look is planned. */
async function nextLookInMs(): Promise<number> {
  const [next] = await gateway.store.all(jobsOfLane, { lane: laneOf.overdue() });
  return (next?.run_at_ms ?? 0) - gateway.clock.now();
}

async function told(contextId: string): Promise<readonly string[]> {
  const rows = await gateway.store.list((db) =>
    db.selectFrom("deliveries").select("body").where("context_id", "=", contextId).orderBy("seq"),
  );
  return rows
    .map(({ body }) => toPlainText(JSON.parse(body) as RichText))
    .filter((text) => text.includes("overdue:"));
}

async function auditNames(): Promise<readonly string[]> {
  const rows = await gateway.store.list((db) => db.selectFrom("audit").select("name"));
  return rows.map(({ name }) => name).filter((name) => name.endsWith("-overdue"));
}

test("tells every place that looks after its workspace, once, when its time has passed", async () => {
  const id = await aTask("water the roses", { contextId: team });
  gateway.clock.advance(HOUR_MS - 1);
  await look();
  expect([await told(hub), await told(team)]).toEqual([[], []]);
  expect(await nextLookInMs()).toBe(1);
  gateway.clock.advance(1);
  await look();
  for (const place of [hub, team]) {
    const notices = await told(place);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toContain("A task is overdue:");
    expect(notices[0]).toContain(`${id} queued, p2, was due 2026-01-15 13:00 UTC: water the roses`);
  }
  for (let round = 0; round < 3; round += 1) {
    gateway.clock.advance(BETWEEN_NOTICES_MS);
    await look();
  }
  expect([await told(hub), await told(team)]).toMatchObject([{ length: 1 }, { length: 1 }]);
});

test("shows a title, which may be a stranger's words, so that nothing of it can be tapped", async () => {
  const title = "/cancel all at https://example.org/ for @everybody";
  await aTask(title, { contextId: team });
  gateway.clock.advance(HOUR_MS);
  await look();
  const rows = await gateway.store.list((db) => db.selectFrom("deliveries").select("body"));
  const notices = rows.filter(({ body }) => body.includes("overdue:"));
  expect(notices).toHaveLength(2);
  for (const { body } of notices) {
    expect(toPlainText(JSON.parse(body) as RichText)).toContain(title);
    expect(ownWordsOf(JSON.parse(body))).not.toContain(title);
  }
});

test("a hub hears of all workspaces in one message, each of the others of its own alone", async () => {
  await aTask("of the group", { contextId: team });
  await aTask("of the owner");
  gateway.clock.advance(HOUR_MS);
  await look();
  expect(await told(hub)).toMatchObject([expect.stringContaining("2 tasks are overdue:")]);
  const [notice = "", ...others] = await told(team);
  expect(others).toEqual([]);
  expect(notice).toContain("of the group");
  expect(notice).not.toContain("of the owner");
});

test("says nothing to those who look after another workspace", async () => {
  await aTask("private matter");
  gateway.clock.advance(HOUR_MS);
  await look();
  expect(await told(hub)).toHaveLength(1);
  expect(await told(team)).toEqual([]);
});

test("leaves no record of a look that found nothing, and looks again within 30 seconds", async () => {
  await look();
  expect(await auditNames()).toEqual([]);
  expect(await nextLookInMs()).toBe(30_000);
});

test("a task that was routed anew is told again when its new time has passed", async () => {
  const id = await aTask("water the roses");
  gateway.clock.advance(HOUR_MS);
  await look();
  const choice = { routeClass: "issue", dueAfterMs: HOUR_MS } as const;
  await gateway.commit("route-task", (deps) =>
    routeTask(deps, gateway.ownerActor, { task: id, choice, contextId: null }),
  );
  gateway.clock.advance(HOUR_MS - 1);
  await look();
  expect(await told(hub)).toHaveLength(1);
  gateway.clock.advance(BETWEEN_NOTICES_MS);
  await look();
  expect(await told(hub)).toHaveLength(2);
});

test("many at once make one message that names the most urgent and counts the rest", async () => {
  const MANY = 1_201;
  await manyTasks(MANY, gateway.clock.now() + HOUR_MS);
  const marked: number[] = [];
  const store: Store = {
    ...gateway.store,
    async commit(commit) {
      const result = await gateway.store.commit(commit);
      const [row] = await gateway.store.list((db) =>
        db
          .selectFrom("tasks")
          .select((eb) => eb.fn.countAll<number>().as("count"))
          .where("overdue_notice", "is not", null),
      );
      if (commit.name === "mark-overdue") marked.push(Number(row?.count));
      return result;
    },
  };
  // As when the clock is set forward by years, or the runtime stood still for long.
  gateway.clock.jump(10 * 365 * 24 * HOUR_MS);
  await look(store);
  expect(marked).toEqual([500, 1_000, MANY]);
  const [notice = "", ...others] = await told(hub);
  expect(others).toEqual([]);
  expect(notice).toContain(`${MANY} tasks are overdue:`);
  expect(notice.match(/task_/gu)).toHaveLength(10);
  expect(notice).toContain(`And ${MANY - 10} more.`);
  // And back again.
  gateway.clock.jump(-10 * 365 * 24 * HOUR_MS);
  gateway.clock.advance(2 * HOUR_MS);
  await look();
  expect(await told(hub)).toHaveLength(1);
});

test("what becomes overdue soon after a notice is told together with the next one", async () => {
  await aTask("first");
  await aTask("second", { dueInMs: HOUR_MS + MINUTE_MS });
  await aTask("third", { dueInMs: HOUR_MS + 2 * MINUTE_MS });
  gateway.clock.advance(HOUR_MS);
  await look();
  gateway.clock.advance(2 * MINUTE_MS);
  expect(await look()).toBe(false);
  gateway.clock.advance(3 * MINUTE_MS);
  await look();
  const notices = await told(hub);
  expect(notices.map((text) => text.split("\n", 1)[0])).toEqual([
    "A task is overdue:",
    "2 tasks are overdue:",
  ]);
});

test("a process that died between the two commits left nothing untold", async () => {
  await aTask("water the roses");
  gateway.clock.advance(HOUR_MS);
  const died: Store = {
    ...gateway.store,
    async commit(commit) {
      if (commit.name === "tell-overdue") throw new Error("killed");
      return await gateway.store.commit(commit);
    },
  };
  await look(died);
  expect([await auditNames(), await told(hub)]).toEqual([["mark-overdue"], []]);
  await aTask("another", { dueInMs: 1 });
  gateway.clock.advance(HOUR_MS);
  await look();
  expect(await told(hub)).toMatchObject([expect.stringContaining("2 tasks are overdue:")]);
});

test("a task that ended in time, or after it was noticed, is not told", async () => {
  const ended = await aTask("ended");
  gateway.clock.advance(HOUR_MS);
  const cancel = { routeClass: "noise" } as const;
  const routeAway = () =>
    gateway.commit("route-task", (deps) =>
      routeTask(deps, gateway.ownerActor, { task: ended, choice: cancel, contextId: null }),
    );
  const late: Store = {
    ...gateway.store,
    async commit(commit) {
      const result = await gateway.store.commit(commit);
      if (commit.name === "mark-overdue") await routeAway();
      return result;
    },
  };
  await look(late);
  expect(await told(hub)).toEqual([]);
});
