import type { Config } from "../config/config.ts";
import { listSecrets } from "../config/list-secrets.ts";
import { systemClock } from "../core/clock.ts";
import { localUrl } from "../core/listen-address.ts";
import { createRedactor } from "../core/redact.ts";
import { spendDay } from "../core/spend/spend-scope.ts";
import type { Check as HealthCheck } from "../health/check.ts";
import { examine } from "../health/doctor.ts";
import type { StoreFacts, StoreInspector } from "../health/ports.ts";
import { openSandbox } from "../sandbox/open-sandbox.ts";
import { formatHead } from "../store/audit/chain.ts";
import { findKeyProblem } from "../store/audit/key-of-record.ts";
import { readAuditHead } from "../store/audit/verify-audit.ts";
import { hasStore, readStore } from "../store/files/read-store.ts";
import { MIGRATIONS } from "../store/migrations/migrations.ts";
import { appliedMigrations } from "../store/queries/bookkeeping.ts";
import { missingSums, strayCalls, wrongSums } from "../store/queries/spend-ledger.ts";
import type { Connection } from "../store/sqlite/connection.ts";
import { isDatabaseLocked, isDataDirectoryLocked } from "../store/sqlite/data-lock.ts";
import { readAdminToken } from "./admin-token.ts";
import { findRoomProblem } from "./find-room-problem.ts";
import { greetMailServer } from "./mail-channel.ts";
import { findPathProblems } from "./open-data-directory.ts";
import { readExtensions } from "./read-extensions.ts";
import { readServedUrl } from "./served-address.ts";

const DAY_MS = 24 * 60 * 60_000;

export type Check = HealthCheck;

/** What `doctor` prints: everything a runtime with this config needs, looked at and not changed. */
export function examineInstallation(
  config: Config,
  online: boolean,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const { storage, http, telegram, mail } = config;
  const key = readAdminToken(storage.dataDir, http.adminToken);
  const { mcp, plugins, actions } = readExtensions(config);
  const secrets = [
    ...listSecrets(config),
    ...(key === undefined ? [] : [key]),
    ...mcp.secrets,
    ...plugins.secrets,
    ...actions.secrets,
  ];
  return examine(
    {
      nodeVersion: process.versions.node,
      configWarnings: config.warnings,
      dataDir: storage.dataDir,
      findPathProblems: () => findPathProblems(storage),
      address: {
        ...http.address,
        url: localUrl(http.address),
        servedUrl: readServedUrl(storage.dataDir),
      },
      key,
      telegram: { token: telegram.token, apiBase: telegram.apiBase, online },
      mail: {
        server: mail.host && `${mail.host}:${mail.port} as ${mail.from}`,
        online,
        greet: (limited) => greetMailServer(mail, limited),
      },
      findSandboxWarning: async (stop) => (await openSandbox(stop)).warning,
      store: createInspector(storage.dataDir, storage.dbPath),
      readExtensions: () => ({
        mcp,
        plugins: { names: plugins.plugins.map(({ name }) => name), problems: plugins.problems },
        actions: { names: actions.actions.map(({ name }) => name), problems: actions.problems },
        findRoomProblem: () => findRoomProblem(config),
      }),
      redact: createRedactor(secrets).redact,
    },
    signal,
  );
}

function createInspector(dataDir: string, dbPath: string): StoreInspector {
  return {
    isInUse: () => isDataDirectoryLocked(dataDir),
    inspect: () => (hasStore(dbPath) ? inspectStore(dataDir, dbPath) : undefined),
  };
}

function inspectStore(dataDir: string, dbPath: string): StoreFacts {
  return readStore(dbPath, (connection) => {
    const rows = connection.database.pragma("quick_check(5)") as { quick_check: string }[];
    const applied = connection.all(appliedMigrations, {}).map(({ name }) => name);
    const known = MIGRATIONS.map(({ name }) => name);
    const pending = known.filter((name) => !applied.includes(name));
    return {
      keyProblem: findKeyProblem({ dataDir, dbPath }),
      usedFromElsewhere:
        isDatabaseLocked(dbPath) && !isDataDirectoryLocked(dataDir) ? dbPath : undefined,
      damage: rows.map((row) => row.quick_check).filter((line) => line !== "ok"),
      pendingMigrations: pending,
      unknownMigrations: applied.filter((name) => !known.includes(name)),
      wrongSpend: pending.length > 0 ? undefined : findWrongSpend(connection),
      auditHead: formatHead(readAuditHead({ dbPath })),
    };
  });
}

/** Yesterday's and today's calls all have their sums: nothing of them has been swept. */
function findWrongSpend({ all }: Connection): readonly string[] {
  const sinceDay = spendDay(systemClock.now() - DAY_MS);
  return [
    ...all(wrongSums, {}).map(({ key }) => key),
    ...all(missingSums, { sinceDay }).map(({ key }) => key),
    ...all(strayCalls, {}).map(({ id }) => id),
  ];
}
