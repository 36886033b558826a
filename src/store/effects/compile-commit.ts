import type { Change } from "../../core/effect/change.ts";
import type { Commit, Seen, VersionedTable } from "../../core/effect/commit.ts";
import type { Effect, EffectOf } from "../../core/effect/effect.ts";
import { sha256Hex } from "../../core/ids.ts";
import type { Dialect } from "../dialect.ts";
import { statement } from "../statement.ts";
import { accessSteps } from "./access-steps.ts";
import { approvalSteps } from "./approval-steps.ts";
import { buttonSteps } from "./button-steps.ts";
import { callSteps } from "./call-steps.ts";
import type { CommitFacts } from "./commit-facts.ts";
import { contextSteps } from "./context-steps.ts";
import { deliverySteps } from "./delivery-steps.ts";
import { editSteps } from "./edit-steps.ts";
import { fileSteps } from "./file-steps.ts";
import { claimSteps } from "./job-steps.ts";
import { mcpToolSteps } from "./mcp-tool-steps.ts";
import { memorySteps } from "./memory-steps.ts";
import { messageSteps } from "./message-steps.ts";
import { pairingSteps } from "./pairing-steps.ts";
import { peopleSteps } from "./people-steps.ts";
import { queueSteps } from "./queue-steps.ts";
import { requeueSteps } from "./requeue-steps.ts";
import { routeSteps } from "./route-steps.ts";
import { runSteps } from "./run-steps.ts";
import { spendSteps } from "./spend-steps.ts";
import { type CompiledEffect, check, type Step } from "./step.ts";
import { taskSteps } from "./task-steps.ts";

type Case<T extends Effect["type"]> = (effect: EffectOf<T>, facts: CommitFacts) => CompiledEffect;

/** Every effect and what it does to the store: a new ability is one effect and its case. */
const CASES: { [T in Effect["type"]]: Case<T> } = {
  ...peopleSteps,
  ...pairingSteps,
  ...contextSteps,
  ...accessSteps,
  ...messageSteps,
  ...memorySteps,
  ...fileSteps,
  ...editSteps,
  ...deliverySteps,
  ...buttonSteps,
  ...runSteps,
  ...callSteps,
  ...spendSteps,
  ...approvalSteps,
  ...mcpToolSteps,
  ...taskSteps,
  ...routeSteps,
  ...queueSteps,
  ...requeueSteps,
};

export interface AuditRow {
  readonly at_ms: number;
  readonly name: string;
  readonly actor: string;
  readonly cause: string;
  readonly effects: string;
  readonly ids: string;
  readonly digest: string;
}

/** A commit as plain data, ready for either executor. */
export interface CompiledCommit {
  readonly claim: readonly Step[];
  readonly seen: readonly Step[];
  readonly effects: readonly CompiledEffect[];
  readonly audit: AuditRow | undefined;
  /** Published in any case once committed: the end of a job lets its lane go on. */
  readonly changes: readonly Change[];
}

export function compileCommit(commit: Commit, dialect: Dialect): CompiledCommit {
  const facts: CommitFacts = { now: commit.now, cause: commit.cause, dialect };
  const effects = commit.effects.map((effect) =>
    (CASES[effect.type] as Case<Effect["type"]>)(effect as never, facts),
  );
  return {
    claim: commit.claim === undefined ? [] : claimSteps(commit.claim, commit.settle, facts),
    seen: seenSteps(commit.seen ?? []),
    effects,
    audit: commit.unaudited === true ? undefined : auditRow(commit, effects),
    changes:
      commit.settle === undefined || commit.claim === undefined
        ? []
        : [{ topic: "jobs", id: commit.claim.jobId }],
  };
}

interface SeenParams {
  id: string;
  version: number;
}

const unchanged = forEachTable((table) =>
  statement((db, p: SeenParams, dialect) => {
    const query = db
      .selectFrom(table)
      .select("id")
      .where("id", "=", p.id)
      .where("version", "=", p.version);
    return dialect.hasConcurrentWriters ? query.forShare() : query;
  }),
);
const absent = forEachTable((table) =>
  statement((db, p: SeenParams) =>
    db
      .selectNoFrom((eb) => eb.lit(1).as("absent"))
      .where((eb) => eb.not(eb.exists(eb.selectFrom(table).select("id").where("id", "=", p.id)))),
  ),
);

/** Sorted, so that two commits which rest on the same rows lock them in the same order. */
function seenSteps(seen: readonly Seen[]): readonly Step[] {
  if (seen.length === 0) return [];
  const key = (fact: Seen) => `${fact.table}:${fact.id}`;
  return seen
    .toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
    .map((fact) =>
      check((fact.version === 0 ? absent : unchanged)[fact.table], {
        id: fact.id,
        version: fact.version,
      }),
    );
}

function forEachTable<T>(make: (table: VersionedTable) => T): Record<VersionedTable, T> {
  return {
    contexts: make("contexts"),
    users: make("users"),
    identities: make("identities"),
    pairings: make("pairings"),
    messages: make("messages"),
    deliveries: make("deliveries"),
    runs: make("runs"),
    tasks: make("tasks"),
    approvals: make("approvals"),
    cursors: make("cursors"),
  };
}

function auditRow(commit: Commit, effects: readonly CompiledEffect[]): AuditRow {
  return {
    at_ms: commit.now,
    name: commit.name,
    actor: commit.actor,
    cause: commit.cause,
    effects: [
      ...commit.effects.map((effect) => effect.type),
      ...(commit.settle ? [`job:${commit.settle.kind}`] : []),
    ].join(),
    ids: effects
      .flatMap((effect) => effect.changes.map((change) => `${change.topic}:${change.id}`))
      .join(),
    digest: sha256Hex(JSON.stringify(commit.effects)),
  };
}
