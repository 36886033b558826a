import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { verifyAudit } from "../../src/store/audit/verify-audit.ts";
import { EXPECTED_OUTCOMES } from "./story.ts";
import { readRows, type World } from "./world.ts";

const MARK = "(may be a repeat)\n";

interface MessageRow {
  readonly external_message_id: string;
  readonly connector: string;
  readonly kind: string;
  readonly text: string;
  readonly outcome: string;
  readonly reason: string | null;
}

/** The promises, read from what is there in the end. */
export function checkStory(world: World): void {
  checkMessages(world);
  checkReplies(world);
  checkOrder(world);
  checkTask(world);
  const report = verifyAudit(world);
  expect(report.problems).toEqual([]);
  expect(report.checked).toBeGreaterThan(0);
}

/** Each thing that was said is there once, in the order of its chat, with the one outcome it deserves. */
function checkMessages({ dbPath, said }: World): void {
  const rows = readRows<MessageRow>(dbPath, "select * from messages order by seq");
  const arrived = rows.filter((row) => row.connector === "telegram");
  const chatOf = (id: string) => id.split(":")[0] ?? "";
  for (const chat of new Set(said.map(chatOf))) {
    const ofChat = (id: string) => chatOf(id) === chat;
    expect(arrived.map((row) => row.external_message_id).filter(ofChat)).toEqual(
      said.filter(ofChat),
    );
  }
  expect(arrived.length).toBe(said.length);
  const outcomes = rows.map((row): [string, string] => [
    nameOf(row),
    [row.outcome, row.reason].filter((word) => word !== null).join(" "),
  ]);
  expect(outcomes.length).toBe(EXPECTED_OUTCOMES.size);
  expect(new Map(outcomes)).toEqual(EXPECTED_OUTCOMES);
}

function nameOf({ kind, text }: MessageRow): string {
  if (kind === "button") return "(button)";
  return text.startsWith("/start") ? "/start" : text;
}

/** Every part of every reply arrived, in order, once; or again right away, and then with its mark. */
function checkReplies({ dbPath, server }: World): void {
  const deliveries = readRows<{ external_id: string; parts: string; state: string }>(
    dbPath,
    "select external_id, parts, state from deliveries where connector = 'telegram' order by seq",
  );
  expect(deliveries.map((row) => row.state)).toEqual(deliveries.map(() => "sent"));
  for (const chat of new Set(deliveries.map((row) => row.external_id))) {
    const meant = deliveries
      .filter((row) => row.external_id === chat)
      .flatMap((row) => JSON.parse(row.parts) as { plain: string }[])
      .map((part) => words(part.plain));
    const arrived = server.sent.filter((sent) => String(sent.chatId) === chat);
    const once: string[] = [];
    for (const { text } of arrived) {
      const isMarked = text.startsWith(MARK);
      const bare = words(isMarked ? text.slice(MARK.length) : text);
      if (!isMarked || once.at(-1) !== bare) once.push(bare);
    }
    expect(once).toEqual(meant);
  }
  const silent = server.sent.filter(({ chatId }) => chatId === 2002);
  expect(new Set(silent.map(({ text }) => text.replace(MARK, ""))).size).toBe(1);
}

function words(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** Answers come in the order of the questions of their chat. */
function checkOrder({ server }: World): void {
  const echoes = (chatId: number) => [
    ...new Set(
      server.sent
        .filter((sent) => sent.chatId === chatId)
        .flatMap((sent) => /Echo: .*?(hello|alpha|beta|gamma|one|two)\b/.exec(sent.text)?.[1] ?? []),
    ),
  ];
  expect(echoes(1001)).toEqual(["hello", "alpha", "beta", "gamma"]);
  expect(echoes(-500)).toEqual(["one", "two"]);
}

/** The one task succeeded, its file says so, and no attempt that did not end counts as a success. */
function checkTask({ dbPath, dataDir }: World): void {
  const tasks = readRows<{
    status: string;
    result_text: string;
    result_path: string;
    workspace_id: string;
  }>(dbPath, "select status, result_text, result_path, workspace_id from tasks");
  expect(tasks.map((task) => task.status)).toEqual(["succeeded"]);
  const [task] = tasks;
  expect(task?.result_text).toContain("count the files");
  const file = join(dataDir, "workspaces", task?.workspace_id ?? "", task?.result_path ?? "");
  expect(readFileSync(file, "utf8")).toContain(task?.result_text);
  const runs = readRows<{ state: string; kind: string }>(dbPath, "select kind, state from runs");
  const ends = runs.filter((run) => run.kind === "task").map((run) => run.state);
  expect(ends.filter((state) => state === "succeeded").length).toBe(1);
  expect(ends.every((state) => state === "succeeded" || state === "interrupted")).toBe(true);
  const turns = runs.filter((run) => run.kind === "turn").map((run) => run.state);
  expect(turns.toSorted()).toEqual(["cancelled", ...Array(7).fill("succeeded")]);
}
