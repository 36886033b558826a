import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect } from "vitest";
import type { OutboundPart } from "../../../src/core/delivery/outbound-part.ts";
import { openAuditKey } from "../../../src/store/audit/audit-key.ts";
import { verifyAudit } from "../../../src/store/audit/verify-audit.ts";
import type { Sent } from "../../support/bot-api/chats.ts";
import { checkInvariants } from "../../support/check-invariants.ts";
import { FORBIDDEN_IN_WORK } from "../../support/work-invariants.ts";
import { type Day, isMarked, NOTES, unmarked } from "./day.ts";
import { GROWING } from "./growing-answers.ts";
import type { Scene } from "./scene.ts";

interface DeliveryRow {
  readonly id: string;
  /** Of its conversation, where that is now. */
  readonly external_id: string;
  readonly state: string;
  readonly marked: number;
  readonly parts: string;
}

/** Everything that is promised about a day, whatever happened to the process. @throws when a promise is broken. */
export function checkDay(scene: Scene, day: Day): void {
  checkInvariants(scene.dbPath, openAuditKey(scene.dataDir), FORBIDDEN_IN_WORK);
  expect(verifyAudit(scene).problems, "the audit").toEqual([]);
  checkOutcomes(scene, day);
  checkReplies(scene, day);
  checkOrder(scene);
  checkDrafts(scene);
  checkTasks(scene);
  checkCards(scene);
  checkPublished(scene);
  checkFiles(scene);
}

/** Every update is there once, in the order of its chat, with the outcome it must have. */
function checkOutcomes(scene: Scene, day: Day): void {
  const rows = scene.rows(
    "select m.external_message_id as id, m.outcome, c.external_id as chat from messages m join contexts c on c.id = m.context_id where m.connector = 'telegram' order by m.seq",
  );
  for (const chat of new Set(day.deeds.map(({ chatId }) => chatId))) {
    const seen = rows.filter((row) => row["chat"] === String(chat));
    const done = day.deeds.filter(({ chatId }) => chatId === chat);
    expect(
      seen.map((row) => [withoutEdit(String(row["id"])), row["outcome"]]),
      `messages of chat ${chat}`,
    ).toEqual(done.map(({ externalId, outcome }) => [externalId, outcome]));
  }
  expect(rows, "messages in all").toHaveLength(day.deeds.length);
  expect(
    scene.rows("select external_message_id, outcome from messages where connector = 'api'"),
    "messages over HTTP",
  ).toEqual([{ external_message_id: "post-1", outcome: "answered" }]);
}

/** Every reply arrived; a copy of it only with its mark, which the row knows of. */
function checkReplies(scene: Scene, day: Day): void {
  const sent = scene.telegram.sent.filter((one) => !isDraft(one));
  for (const [chatId, text] of day.replies) {
    const copies = sent.filter((one) => one.chatId === chatId && unmarked(one).includes(text));
    expect(copies.length, `replies "${text}" in ${chatId}`).toBeGreaterThan(0);
    const plain = copies.filter((one) => !isMarked(one));
    expect(plain.length, `unmarked replies "${text}" in ${chatId}`).toBeLessThanOrEqual(1);
  }
  const parts = deliveredParts(scene);
  expect(parts.filter(({ file }) => file !== undefined)).toHaveLength(2);
  for (const { row, text, file } of parts) {
    const copies = sent.filter((one) => isOf(one, row.external_id, text));
    for (const { document } of copies) expect(document?.bytes.toString()).toBe(file?.text);
    expect(row.state, text.slice(0, 60)).toBe("sent");
    expect(copies.length, `copies of: ${text.slice(0, 60)}`).toBeGreaterThan(0);
    if (copies.some(isMarked)) expect(row.marked, text.slice(0, 60)).toBe(1);
  }
  const strays = sent.filter(
    (one) => !parts.some(({ row, text }) => isOf(one, row.external_id, text)),
  );
  expect(
    strays.map(({ text }) => text.slice(0, 60)),
    "replies no row knows of",
  ).toEqual([]);
  const told = scene.rows(
    "select external_id from deliveries where body like '%In %Olga''s phone%'",
  );
  expect(told, "the failure is told once, in the hub").toEqual([{ external_id: "1001" }]);
  const overdue = scene.rows(
    "select d.external_id from tasks t join deliveries d on instr(d.body, t.id) > 0 and d.body like '%was due 1970%'",
  );
  for (const { external_id } of overdue) expect(external_id, "told in the hub").toBe("1001");
  const tasks = scene.rows("select id from tasks where overdue_notice is not null");
  expect(overdue, "an overdue task is told once").toHaveLength(tasks.length);
}

/** No draft is left standing but one that nobody knows to have arrived, and that shows what it is. */
function checkDrafts(scene: Scene): void {
  const rows = scene.rows("select state, receipts from deliveries where kind = 'draft'");
  expect(rows, "drafts").toHaveLength(3);
  for (const { state } of rows) expect(["sent", "failed"]).toContain(state);
  const unknown = rows.filter(({ receipts }) => receipts === "[]");
  const standing = scene.telegram.sent.filter((one) => isDraft(one) && !one.deleted);
  expect(standing.length, "drafts left standing").toBeLessThanOrEqual(unknown.length);
}

/** What arrived first in a chat was asked for first: by the order of deliveries, and of the parts of one. */
function checkOrder(scene: Scene): void {
  const parts = deliveredParts(scene);
  for (const chat of new Set(parts.map(({ row }) => row.external_id))) {
    const wanted = parts.filter(({ row }) => row.external_id === chat).map(({ text }) => text);
    const arrived = scene.telegram.sent
      .filter((one) => String(one.chatId) === chat && !isDraft(one))
      .map((one) => unmarked(one, "raw"));
    expect([...new Set(arrived)].map(head), `order in ${chat}`).toEqual(
      [...new Set(wanted)].map(head),
    );
  }
  const answers = scene.telegram.sent.map((one) => unmarked(one)).join("\n");
  for (const [first, second] of [
    ["Echo: one", "Echo: three"],
    ["Echo: two", "Echo: four"],
  ] as const)
    expect(answers.indexOf(first), `${first} before ${second}`).toBeLessThan(
      answers.indexOf(second),
    );
}

/** A task that succeeded has one run that did, its result and its file. */
function checkTasks(scene: Scene): void {
  const tasks = scene.rows(
    "select id, status, result_text, result_path, workspace_id from tasks where prompt = 'fetch five'",
  );
  expect(tasks).toMatchObject([{ status: "succeeded", result_text: "Echo: fetch five" }]);
  const [task] = tasks;
  const file = join(
    scene.dataDir,
    "workspaces",
    String(task?.["workspace_id"]),
    String(task?.["result_path"]),
  );
  expect(readFileSync(file, "utf8")).toContain("## Result\n\nEcho: fetch five");
  const slow = scene.rows("select distinct status from tasks where prompt like 'be slow%'");
  expect(slow).toEqual([{ status: "cancelled" }]);
  const ends = (kind: string) =>
    scene.rows(
      `select state, count(*) as count from runs where kind = '${kind}' and state <> 'interrupted' group by 1 order by 1`,
    );
  expect(ends("turn"), "ends of turns").toEqual([
    { state: "cancelled", count: 1 },
    { state: "failed", count: 1 },
    { state: "succeeded", count: 14 },
  ]);
  expect(ends("task"), "ends of tasks").toEqual([
    { state: "cancelled", count: expect.any(Number) },
    { state: "succeeded", count: 3 },
  ]);
  const routed = scene.rows(
    "select status, priority, taint from tasks where title like '[ISSUE]%' or title like '[NOISE]%' order by seq",
  );
  expect(routed, "what a stranger reported").toEqual([
    { status: "succeeded", priority: "p1", taint: 1 },
    { status: "cancelled", priority: "p3", taint: 1 },
  ]);
}

/** Every decision about a card was written on it once. */
function checkCards(scene: Scene): void {
  const edits = scene.rows(
    "select revision, state, body like '%It is over%' as is_over from deliveries where kind = 'edit' and card like 'task:%' order by seq",
  );
  expect(edits, "what cards became").toEqual([
    { revision: 1, state: "sent", is_over: 0 },
    { revision: 2, state: "sent", is_over: 1 },
    { revision: 1, state: "sent", is_over: 1 },
  ]);
  const decided = scene.rows(
    "select revision, state, body like '%Approved%' as is_approved from deliveries where kind = 'edit' and card like 'approval:%'",
  );
  expect(decided, "what the cards of the answer became, in the group and for admins").toEqual(
    Array(2).fill({ revision: 1, state: "sent", is_approved: 1 }),
  );
}

/** An agent was told once, for all it can tell: a repeat has the same key, and says that it may be one. */
function checkPublished({ receiver, rows }: Scene): void {
  const [row, ...others] = rows(
    "select id, state, marked from deliveries where connector = 'codex' and task_id is not null and run_id is not null",
  );
  expect(row, "what the agent is told").toMatchObject({ state: "sent" });
  expect(others).toEqual([]);
  const told = receiver.published.map(({ headers, body }) => ({
    key: headers["idempotency-key"],
    isMarked: String(body["text"]).startsWith("(may be a repeat)"),
  }));
  expect(told.length).toBeGreaterThan(0);
  expect(new Set(told.map(({ key }) => key))).toEqual(new Set([row?.["id"]]));
  expect(told.filter(({ isMarked: marked }) => !marked).length).toBeLessThanOrEqual(1);
  if (told.some(({ isMarked: marked }) => marked)) expect(row).toMatchObject({ marked: 1 });
}

/** What was sent is in the workspace once and whole, and nothing else is. */
function checkFiles(scene: Scene): void {
  const [file, ...others] = scene.rows("select state, workspace_id, path from files");
  expect(file).toMatchObject({ state: "saved" });
  expect(others).toEqual([]);
  const workspaces = join(scene.dataDir, "workspaces");
  const path = join(String(file?.["workspace_id"]), String(file?.["path"]));
  const found = readdirSync(workspaces, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(workspaces, join(entry.parentPath, entry.name)));
  expect(found.filter((one) => one.includes("/inbox/"))).toEqual([path]);
  expect(readFileSync(join(workspaces, path), "utf8")).toBe(NOTES);
}

function deliveredParts(scene: Scene) {
  const rows = scene.rows(
    "select d.id, c.external_id, d.state, d.marked, d.parts from deliveries d join contexts c on c.id = d.context_id where d.connector = 'telegram' and d.kind = 'send' order by d.seq",
  ) as unknown as readonly DeliveryRow[];
  return rows.flatMap((row) =>
    (JSON.parse(row.parts) as readonly OutboundPart[]).map(({ formatted, file }) => ({
      row,
      text: formatted,
      file,
    })),
  );
}

const isOf = (one: Sent, externalId: string, text: string): boolean =>
  String(one.chatId) === externalId && unmarked(one, "raw") === text;

const isDraft = (one: Sent): boolean => one.text.endsWith(GROWING);

/** `chat:message` of `chat:message:edit`. */
const withoutEdit = (id: string): string => id.split(":").slice(0, 2).join(":");

const head = (text: string): string => text.slice(0, 60);
