import { nameForAll } from "../core/approval/approval-card.ts";
import { type Readers, readersOf } from "../core/approval/judge-reply.ts";
import { REPLY } from "../core/approval/reply-call.ts";
import { code, doc, p } from "../core/rich-text/build.ts";
import type { Block, RichText } from "../core/rich-text/rich-text.ts";
import { shorten } from "../core/shorten.ts";
import { approvalsOfWork } from "../store/queries/approvals.ts";
import { contextById } from "../store/queries/contexts.ts";
import type { Reader } from "../store/store.ts";
import type { OperationDeps } from "./operation.ts";

type DecidedRow = NonNullable<(typeof approvalsOfWork)["types"]>["row"];

const LONGEST_LINE = 200;
const MOST_LINES = 20;

/**
 * What became of every call that a person was asked about, in our own words: whatever the model says of it comes after.
 * Empty when nobody was asked.
 */
export async function outcomeLines(
  store: Reader,
  { readers, runId, taskId }: { runId: string | null; taskId: string | null; readers: Readers },
): Promise<RichText> {
  const rows = await store.all(approvalsOfWork, { runId: runId ?? "", taskId });
  const shown = rows.slice(-MOST_LINES).flatMap((row) => lineOf(row, readers) ?? []);
  const left = rows.length - MOST_LINES;
  return doc(...(left > 0 ? [p(`(${left} earlier decisions are left out.)`)] : []), ...shown);
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
  const { state, execution, decider_name: decider, note } = row;
  const name = readers === "anybody" ? nameForAll(row) : row.line;
  const line = code(shorten(name, LONGEST_LINE));
  const by = decider ?? "the runtime";
  if (state === "pending") return undefined;
  if (state === "expired") return p("Not done, nobody decided in time: ", line);
  if (state === "denied") {
    const why = note === null ? [] : [" (", code(shorten(note, LONGEST_LINE)), ")"];
    return p("Not done, denied by ", code(by), ": ", line, ...why);
  }
  switch (execution) {
    case "succeeded":
      if (row.tool === REPLY) return p("Approved by ", code(by), ":");
      return p("Done, approved by ", code(by), ": ", line);
    case "failed":
      return p("Failed, though approved by ", code(by), ": ", line);
    // Of what ends while it runs nobody sees the end.
    case "executing":
    case "unknown":
      return p("Nobody knows whether this happened: ", line);
    default:
      return p("Not done, though approved by ", code(by), ": ", line);
  }
}
