import { type Check, fail, ok, warn } from "../check.ts";
import type { StoreFacts, StoreInspector } from "../ports.ts";

/** Whether the store's file is whole and fits this version, where its audit ends, and whether its sums of money add up. */
export function checkStore(store: StoreInspector): readonly Check[] {
  const facts = store.inspect();
  if (facts === undefined) return [ok("store", "There is none yet. The first start makes it.")];
  return [
    checkIntegrity(facts),
    checkMigrations(facts),
    facts.keyProblem === undefined
      ? ok("audit", `The record ends at ${facts.auditHead}.`)
      : fail("audit", facts.keyProblem),
    ...checkSpend(facts),
  ];
}

function checkIntegrity({ damage, usedFromElsewhere }: StoreFacts): Check {
  if (usedFromElsewhere !== undefined) {
    return fail(
      "store",
      `An agent-runtime with another data directory is using ${usedFromElsewhere}. Stop it, or set AGENT_RUNTIME_DB_PATH to another file.`,
    );
  }
  if (damage.length === 0) return ok("store", "The quick integrity check found nothing.");
  return fail(
    "store",
    `The file is damaged (${damage[0]}). Stop the service and restore a backup.`,
  );
}

function checkMigrations({ unknownMigrations, pendingMigrations }: StoreFacts): Check {
  if (unknownMigrations.length > 0) {
    return fail(
      "migrations",
      `A newer version wrote the store (${unknownMigrations.join(", ")}). Install that version again.`,
    );
  }
  if (pendingMigrations.length > 0) {
    return warn(
      "migrations",
      `The next start brings the store up to date (${pendingMigrations.join(", ")}). Back it up first.`,
    );
  }
  return ok("migrations", "The store is up to date.");
}

function checkSpend({ wrongSpend }: StoreFacts): readonly Check[] {
  if (wrongSpend === undefined) return [];
  if (wrongSpend.length === 0) return [ok("spend", "Every sum of money is that of its calls.")];
  return [
    fail(
      "spend",
      `Sums of money do not add up (${wrongSpend.join(", ")}), so caps there hold too early or too late. Keep a copy of the store and report this.`,
    ),
  ];
}
