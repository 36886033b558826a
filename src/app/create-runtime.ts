import { fileURLToPath } from "node:url";
import type { Config } from "../config/config.ts";
import { listSecrets } from "../config/list-secrets.ts";
import { type Clock, systemClock } from "../core/clock.ts";
import { outputGuard } from "../core/guardrail/guardrail.ts";
import { newId } from "../core/ids.ts";
import type { Log } from "../core/log.ts";
import { systemRandom } from "../core/random.ts";
import type { Redactor } from "../core/redact.ts";
import { createCallTimes } from "../core/run/call-times.ts";
import type { Service } from "../core/service.ts";
import { createAnswerShow } from "../delivery/show-answer.ts";
import { createLoopLag } from "../health/loop-lag.ts";
import { createMetrics } from "../health/metrics.ts";
import { createReadiness } from "../health/readiness.ts";
import { createHttpApi } from "../http-api/create-http-api.ts";
import type { ChannelState } from "../http-api/ports.ts";
import { guardGate } from "../llm/guard-gate.ts";
import type { Model } from "../llm/open-models.ts";
import { ensureOwner } from "../operations/ensure-owner.ts";
import { createSqliteEngine } from "../orchestrator/engines/sqlite-engine.ts";
import { createWorkerPool } from "../orchestrator/worker-pool.ts";
import { planRounds } from "../scheduler/plan-rounds.ts";
import { openAuditKey } from "../store/audit/audit-key.ts";
import { anchorFileOf } from "../store/audit/verify-audit.ts";
import { commitDecision } from "../store/commit-decision.ts";
import { openSqliteStore, type SqliteStore } from "../store/sqlite/sqlite-store.ts";
import { guardToolbox } from "../tools/guard-toolbox.ts";
import { openAdminToken } from "./admin-token.ts";
import { connectAgents } from "./agent-channels.ts";
import { agentCommits } from "./agent-commits.ts";
import { createAuthenticator } from "./create-authenticator.ts";
import { createGate } from "./create-gate.ts";
import { createJobHandlers } from "./create-job-handlers.ts";
import { createOwnerLinks } from "./create-owner-links.ts";
import { createTools } from "./create-toolbox.ts";
import { createDraftHub } from "./draft-hub.ts";
import { createIntegrityCheck } from "./integrity-check.ts";
import { createPastJudge } from "./judge-past-call.ts";
import { startAll, stopAll } from "./lifecycle.ts";
import { withMail } from "./mail-channel.ts";
import { openDataDirectory } from "./open-data-directory.ts";
import { openExtensions } from "./open-extensions.ts";
import { redactCommits } from "./redact-commits.ts";
import { forgetServedUrl, writeServedUrl } from "./served-address.ts";
import { showDrafts } from "./show-drafts.ts";
import { connectTelegram } from "./telegram.ts";
import { createToolRoom } from "./tool-room.ts";

/**
 * Handlers are short and deliveries wait, so many of each: what runs together commits together (200 instead of 50 gave a
 * quarter more replies a second). Turns and tasks are bounded by the configuration.
 */
const LIGHT_JOBS = 200;
const PAGE_DIRECTORY = fileURLToPath(new URL("../../web/dist", import.meta.url));

export interface RuntimeOptions {
  readonly config: Config;
  readonly version: string;
  readonly log: Log;
  readonly redactor: Redactor;
  /** An AI SDK language model; the offline one when there is none. */
  readonly model?: Model;
  readonly clock?: Clock;
  /** Opens the store; for callers that want to see every commit pass. */
  readonly openStore?: typeof openSqliteStore;
}

export interface RuntimeStatus {
  readonly url: string;
  readonly dataDir: string;
  readonly model: string;
  readonly channels: readonly ChannelState[];
}

export interface Runtime {
  /** Settles when everything is up; the channels go on connecting by themselves. Rejects when the runtime cannot work; then nothing of it runs. */
  start(): Promise<void>;
  /** Ends all work at its next step and closes the store. Idempotent. */
  stop(): Promise<void>;
  status(): RuntimeStatus;
  /** A link that logs the owner in on the page, once, within ten minutes. Not for a log. */
  createLoginUrl(): Promise<string>;
  /** A link that pairs the owner's Telegram account, once, within ten minutes; `undefined` while no bot is known. Not for a log. */
  createPairingLink(): Promise<string | undefined>;
}

/** Builds the whole runtime from its configuration. The index from each port to what stands behind it. */
export function createRuntime(options: RuntimeOptions): Runtime {
  let built: Built | undefined;
  const running = (): Built => {
    if (built === undefined) throw new Error("the runtime has not been started");
    return built;
  };
  return {
    async start() {
      built ??= await build(options);
    },
    async stop() {
      const stopping = built;
      built = undefined;
      await stopping?.stop();
    },
    status: () => running().status(),
    createLoginUrl: () => running().createLoginUrl(),
    createPairingLink: () => running().createPairingLink(),
  };
}

type Built = Omit<Runtime, "start">;

async function build(options: RuntimeOptions): Promise<Built> {
  const { config } = options;
  const lock = openDataDirectory(config.storage);
  let store: SqliteStore | undefined;
  try {
    store = openStore(options);
    const parts = await assemble(options, store);
    const close = async () => {
      await stopAll(parts, parts.services);
      await store?.close();
      lock.release();
    };
    await startAll(parts, parts.services, new AbortController().signal);
    return { ...parts, stop: close };
  } catch (error) {
    await store?.close();
    lock.release();
    throw error;
  }
}

function openStore({
  config,
  log,
  redactor,
  clock = systemClock,
  openStore: open = openSqliteStore,
}: RuntimeOptions) {
  const { dataDir, dbPath } = config.storage;
  const auditKey = openAuditKey(dataDir);
  redactor.addSecret(auditKey.toString("hex"));
  const store = open({
    file: dbPath,
    clock,
    auditKey,
    anchorFile: anchorFileOf(dataDir),
    onAnchorError: (error) => log.write("error", "the audit anchor was not written", { error }),
  });
  return agentCommits(redactCommits(store, redactor), config.agents.publishUrl !== undefined);
}

/** Connects the rooms. Nothing runs yet. */
async function assemble(options: RuntimeOptions, store: SqliteStore) {
  const { config, log, redactor, version, clock = systemClock } = options;
  const deps = { store, clock, log, callTimes: createCallTimes() };
  const { adminToken, owner } = await prepareOwner(options, deps);
  await planRounds(deps);

  const engine = createSqliteEngine(store, clock, newId("epoch"));
  const extensions = openExtensions(config, { ...deps, redactor, version });
  const models = await createGate({ ...deps, config, model: options.model });
  const gate = guardGate(models, { redactor, rules: config.guardrails, log });
  const guard = outputGuard(config.guardrails);
  const toolbox = guardToolbox(await createTools(config, extensions, log), guard, log);
  extensions.watch(createToolRoom(toolbox, config.prompts.contextTokens, log));
  const drafts = createDraftHub(clock, redactor, guard);
  const loopLag = createLoopLag(clock);
  const integrity = createIntegrityCheck(config.storage.dbPath, clock, log);
  const telegram = withMail(await connectTelegram({ ...deps, config, engine }), config.mail, deps);
  const channels = new Map([...telegram.channels, ...connectAgents(config.agents, deps)]);
  const showAnswer = createAnswerShow({ ...deps, channels });
  const workers = createWorkerPool({
    ...deps,
    random: systemRandom,
    engine,
    handlers: createJobHandlers({
      ...deps,
      config,
      gate,
      toolbox,
      drafts: showDrafts({ hub: drafts, channel: telegram, showAnswer, redactor }),
      telegram,
      channels,
      redact: redactor.redact,
      extensions,
    }),
    sizes: { light: LIGHT_JOBS, heavy: config.work.defaultConcurrency },
  });
  const readiness = createReadiness({ ...deps, loopLag });
  const http = createHttpApi({
    ...deps,
    ...config.http,
    modelRules: { ...config.llm, guardrails: config.guardrails },
    twoPersonClasses: config.approvals.twoPerson,
    version,
    pageDirectory: PAGE_DIRECTORY,
    ports: {
      authenticate: createAuthenticator(deps, owner.identityId, adminToken),
      checkReadiness: async () => integrity.addTo(await readiness.check()),
      renderMetrics: createMetrics({ ...deps, loopLag, version, listChannels: telegram.measure })
        .render,
      listChannels: telegram.listStates,
      modelName: () => gate.modelFor("chat"),
      spendRules: gate.spendRules,
      readMcpServers: extensions.readMcpServers,
      redact: redactor.redact,
      drafts,
      judgePastCall: createPastJudge(toolbox),
    },
  });
  const address = announceAddress(config.storage.dataDir, http.url);
  return {
    clock,
    log,
    services: [loopLag, extensions.service, workers, http, address, telegram.service, integrity],
    url: http.url,
    status: () => statusOf(config, http.url(), gate.modelFor("chat"), telegram.listStates()),
    ...createOwnerLinks({ ...deps, owner, url: http.url, botName: telegram.botName }),
  };
}

function statusOf(
  { storage }: Config,
  url: string,
  model: string,
  channels: readonly ChannelState[],
): RuntimeStatus {
  return { url, dataDir: storage.dataDir, model, channels };
}

/** The person whose machine this is, and their key. */
async function prepareOwner(
  { config, redactor }: RuntimeOptions,
  deps: { readonly store: SqliteStore; readonly clock: Clock },
) {
  const { store } = deps;
  const adminToken = openAdminToken(config.storage.dataDir, config.http.adminToken);
  for (const secret of [adminToken, ...listSecrets(config)]) redactor.addSecret(secret);
  const step = { name: "ensure-owner", actor: "system", cause: "start" };
  const owner = await commitDecision(deps, step, (now) => ensureOwner({ store, now }));
  return { adminToken, owner };
}

/** Notes where the service is reached for as long as it is, so that a start which cannot do that fails as a whole. */
function announceAddress(dataDir: string, url: () => string): Service {
  return {
    name: "address",
    start: async () => writeServedUrl(dataDir, url()),
    stop: async () => forgetServedUrl(dataDir),
  };
}
