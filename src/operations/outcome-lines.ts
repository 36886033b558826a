import { nameForAll } from "../core/approval/approval-card.ts";
import { type Readers, readersOf } from "../core/approval/judge-reply.ts";
import { REPLY } from "../core/approval/reply-call.ts";
import { code, doc, p } from "../core/rich-text/build.ts";
import type { Block, Inline, RichText } from "../core/rich-text/rich-text.ts";
import { shorten } from "../core/shorten.ts";
import { showUnseen } from "../core/tool/clean-text.ts";
import { approvalsOfWork } from "../store/queries/approvals.ts";
import { contextById } from "../store/queries/contexts.ts";
import type { Reader } from "../store/store.ts";
import type { OperationDeps } from "./operation.ts";

type DecidedRow = NonNullable<(typeof approvalsOfWork)["types"]>["row"];

const LONGEST_LINE = 200;
const MOST_LINES = 20;

interface WorkOf {
  readonly runId: string | null;
  readonly taskId: string | null;
  readonly readers: Readers;
}

/**
 * What became of every call that a person was asked about, in our own words: whatever the model says of it comes after.
 * Empty when nobody was asked.
 */
export async function outcomeLines(store: Reader, work: WorkOf): Promise<RichText> {
  return (await readOutcomes(store, work)).lines;
}

/** The same, and whether all of it was done. */
export async function readOutcomes(
  store: Reader,
  { readers, runId, taskId }: WorkOf,
): Promise<{ readonly lines: RichText; readonly isAllDone: boolean }> {
  const rows = await store.all(approvalsOfWork, { runId: runId ?? "", taskId });
  const shown = rows.slice(-MOST_LINES).flatMap((row) => lineOf(row, readers) ?? []);
  const left = rows.length - MOST_LINES;
  const lines = doc(
    ...(left > 0 ? [p(`(${left} earlier decisions are left out.)`)] : []),
    ...shown,
  );
  const isAllDone = rows.every(
    ({ state, execution }) => state === "withdrawn" || execution === "succeeded",
  );
  return { lines, isAllDone };
}

/** As whoever reads on in that conversation may read it. */
export async function outcomesIn(
  { store }: OperationDeps,
  contextId: string,
  of: { readonly runId: string | null; readonly taskId: string | null },
): Promise<RichText> {
  const context = await store.first(contextById, { id: contextId });
  if (context === undefined) return [];
  const readers = readersOf({ kind: context.kind, isForAdmins: context.is_admin === 1 });
  return await outcomeLines(store, { ...of, readers });
}

function lineOf(row: DecidedRow, readers: Readers): Block | undefined {
  const name = readers === "anybody" ? nameForAll(row) : showUnseen(row.line);
  const line = code(shorten(name, LONGEST_LINE));
  if (row.state === "pending") return row.is_repeat === 1 ? nobodyKnows(line) : undecided(line);
  // Nothing was asked for but to go on, which it did.
  if (row.state === "withdrawn") return undefined;
  return row.state === "approved" ? lineOfApproved(row, line) : lineOfRefused(row, line);
}

function lineOfRefused(row: DecidedRow, line: Inline): Block {
  const { state, note, is_repeat: isRepeat } = row;
  // It was asked about because nobody knows whether it had happened before.
  const not =
    isRepeat === 1 ? "Not done again, though nobody knows whether it happened" : "Not done";
  if (state === "expired") return p(`${not}, nobody decided in time: `, line);
  const why = note === null ? [] : [" (", code(shorten(note, LONGEST_LINE)), ")"];
  // The work it belonged to ended before anybody decided.
  if (row.decider_name === null) return p(`${not}: `, line, ...why);
  return p(`${not}, denied by `, code(row.decider_name), ": ", line, ...why);
}

function lineOfApproved(row: DecidedRow, line: Inline): Block {
  const by = code(deciderOf(row));
  switch (row.execution) {
    case "succeeded":
      if (row.tool === REPLY) return p("Approved by ", by, ":");
      return p("Done, approved by ", by, ": ", line);
    case "failed":
      return p("Failed, though approved by ", by, ": ", line);
    // Of what ends while it runs nobody sees the end.
    case "executing":
    case "unknown":
      return nobodyKnows(line);
    // Its work is over before it was sent.
    case "delayed":
      return p("Not sent, though approved by ", by, ": ", line);
    case "taken_back":
      return takenBack(row, line);
    case "not_executed":
      return p("Not done, though approved by ", by, ": ", line);
  }
}

function undecided(line: Inline): Block {
  return p("Not done, nobody had decided yet: ", line);
}

function takenBack(row: DecidedRow, line: Inline): Block {
  // It was asked about because nobody knows whether it had happened before.
  return row.is_repeat === 1
    ? p("Taken back and not done again, though nobody knows whether it happened: ", line)
    : p("Taken back before it was sent: ", line);
}

function nobodyKnows(line: Inline): Block {
  return p("Nobody knows whether this happened: ", line);
}

function deciderOf({ decider_name: name }: DecidedRow): string {
  return name ?? "the runtime";
}
