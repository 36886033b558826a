import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { verifyAudit } from "../../../src/store/audit/verify-audit.ts";
import type { Sent } from "../../support/bot-api/chats.ts";
import type { Scene } from "../whole-runtime/scene.ts";
import { checkMoment } from "./check-moment.ts";
import { MODEL_LOG } from "./tools-model.ts";
import { AGAIN, ANSWERS_OF, callOf, DENIED, EXPIRED, type WorkDay } from "./work-day.ts";
import type { CountingWorld } from "./world.ts";

type Row = Record<string, unknown>;

/** What was taken back is never sent, as what nobody approved is not. */
const UNBEGUN: ReadonlySet<string> = new Set(["not_executed", "taken_back"]);

/** Everything that is promised about a day of work, whatever happened to the process. @throws when a promise is broken. */
export function checkWork(scene: Scene, world: CountingWorld, day: WorkDay): void {
  checkMoment(scene);
  expect(verifyAudit(scene).problems, "the audit").toEqual([]);
  checkEnds(scene);
  checkEffects(scene, world);
  checkMails(scene, world);
  checkModel(scene);
  checkDecisions(scene, day);
}

/** Every message has its outcome, every run its end, and nobody is asked any more. */
function checkEnds({ rows }: Scene): void {
  const ends = rows(
    "select substr(m.text, 1, 2) as script, r.state, m.outcome from messages m join runs r on r.id = m.run_id where r.kind = 'turn' order by 1",
  );
  expect(ends, "turns").toEqual(
    ["q1", "q2", "q3", "q4", "q6", "q8"].map((script) => ({
      script,
      state: "succeeded",
      outcome: "answered",
    })),
  );
  const tasks = rows("select substr(prompt, 1, 2) as script, status from tasks order by 1");
  expect(tasks, "tasks").toEqual([
    { script: "q5", status: "succeeded" },
    { script: "q7", status: "cancelled" },
  ]);
  const attempts = rows("select distinct state from runs where kind = 'task'");
  for (const { state } of attempts)
    expect(["succeeded", "cancelled", "interrupted"]).toContain(state);
  const open =
    "select id from runs where finished_at_ms is null union select id from approvals where state = 'pending' union select id from messages where outcome = 'pending'";
  expect(rows(open), "what is still open").toEqual([]);
}

/** Nothing takes effect more often than somebody allowed, nor without. */
function checkEffects({ rows, dataDir }: Scene, { posts }: CountingWorld): void {
  const calls = rows(
    "select s.arguments, s.state, a.state as decided, a.execution, a.is_repeat from run_steps s left join approvals a on a.step_id = s.id where s.kind = 'tool'",
  );
  const of = (id: string) => calls.filter((row) => callOf(String(row["arguments"])) === id);
  for (const id of ["o1", "o2", "o3", "o4", "o5", "k1", "k2"]) {
    const begun = of(id).filter(({ execution }) => !UNBEGUN.has(String(execution)));
    const happened = posts.filter((post) => post === id).length;
    const succeeded = begun.filter(({ execution }) => execution === "succeeded").length;
    expect(happened, `times of ${id}: ${JSON.stringify(of(id))}`).toBeLessThanOrEqual(begun.length);
    expect(happened, `times of ${id}: ${JSON.stringify(of(id))}`).toBeGreaterThanOrEqual(succeeded);
    if (!AGAIN.includes(id)) expect(happened, `times of ${id}`).toBeLessThanOrEqual(1);
    const isAllowed = begun.every(({ decided }) => decided === "approved");
    expect(isAllowed, `${id} began as it was decided`).toBe(true);
  }
  for (const id of [DENIED, EXPIRED]) expect(posts, "what nobody approved").not.toContain(id);
  const written = globSync(join(dataDir, "workspaces", "*", "scratch", "c1.done"));
  const times = written.flatMap((path) => readFileSync(path, "utf8").match(/once/g) ?? []).length;
  // It asks nobody the first time, unless what was read before has tainted the work.
  const asked = of("c1").filter(({ decided }) => decided === "approved").length;
  expect(times, "times of c1").toBeLessThanOrEqual(1 + asked);
  const unsaid = calls.filter(
    ({ decided, is_repeat, state }: Row) =>
      is_repeat === 1 && decided !== "approved" && state !== "unknown" && state !== "denied",
  );
  expect(unsaid, "calls in doubt that were done again").toEqual([]);
}

/** A mail goes out under one id; a copy of it only with its mark. */
function checkMails({ rows }: Scene, { mails }: CountingWorld): void {
  const sent = rows("select state, marked from deliveries where connector = 'email'");
  expect(sent, "mails that were asked for").toHaveLength(1);
  expect(sent[0]).toMatchObject({ state: "sent" });
  expect(mails.length, "mails that came").toBeGreaterThan(0);
  const ids = mails.map(({ text }) => /^message-id: *(.+)$/im.exec(text)?.[1]);
  expect(new Set(ids).size, "ids of the one mail").toBe(1);
  const plain = mails.filter(({ text }) => !text.includes("may be a repeat"));
  expect(plain.length, "unmarked mails").toBeLessThanOrEqual(1);
  if (plain.length < mails.length) expect(sent[0]).toMatchObject({ marked: 1 });
}

/** A step that has ended is not asked again; one that was lost counts as all that was put aside. */
function checkModel({ rows, directory }: Scene): void {
  const asked = readFileSync(join(directory, MODEL_LOG), "utf8").split("\n").filter(Boolean);
  const steps = rows(
    `select substr(coalesce(t.prompt, m.text), 1, 2) as script, s.state, u.state as usage, u.output_tokens as tokens,
       u.cost_micro_usd as cost, u.reserved_micro_usd as reserved
     from run_steps s join runs r on r.id = s.run_id left join usage u on u.step_id = s.id
     left join tasks t on t.id = r.task_id left join messages m on m.id = r.message_id where s.kind = 'model'`,
  );
  for (const [script, answers] of Object.entries(ANSWERS_OF)) {
    const own = steps.filter((step) => step["script"] === script);
    const finished = own.filter(({ state }) => state === "finished");
    expect(finished.length, `answers to ${script}: ${JSON.stringify(own)}`).toBe(answers);
    const calls = asked.filter((line) => line.startsWith(`${script} `));
    expect(calls.length, `calls for ${script}`).toBeLessThanOrEqual(own.length);
    expect(new Set(calls).size, `different calls for ${script}`).toBe(answers);
  }
  for (const { state, usage, tokens, cost, reserved } of steps) {
    expect(usage).toBe("settled");
    if (state === "finished") expect(cost).toBe(tokens);
    else expect({ tokens, cost }).toEqual({ tokens: 0, cost: reserved });
  }
}

/** Each is decided in one commit, told to one of those who decided it, and offered to nobody any more. */
function checkDecisions({ rows, telegram }: Scene, { answers }: WorkDay): void {
  const approvals = rows("select id, tool, arguments, is_repeat, state from approvals");
  for (const { id } of approvals) {
    const deciding = rows(
      `select seq from audit where effects like '%decide-approval%' and ids like '%${id}%'`,
    );
    expect(deciding, `decisions about ${id}`).toHaveLength(1);
    const told = answers.filter(({ approval, status }) => approval === id && status === 200);
    expect(told.length, `who was told to have decided ${id}`).toBeLessThanOrEqual(1);
  }
  checkCards(telegram.sent);
  expect(
    approvals.filter(({ tool }) => tool === "raise_spend").length,
    "questions about a cap",
  ).toBeGreaterThan(0);
}

/** What is decided asks nobody any more; of a copy that was sent in doubt nobody knows where it is. */
function checkCards(sent: readonly Sent[]): void {
  const copies = new Map<string, Sent>();
  for (const one of sent) {
    const id = /It is (act_\w+)/.exec(one.sentRaw.replace(/<[^>]*>/g, ""))?.[1];
    if (id !== undefined) copies.set(`${one.chatId} ${id}`, one);
  }
  expect(copies.size, "cards").toBeGreaterThan(0);
  for (const { buttons, text } of copies.values()) {
    expect(buttons.flat(), text).toEqual([]);
    expect(text).toMatch(/(Approved|Denied|Taken back|cancelled) by|Expired: nobody decided/);
  }
}
