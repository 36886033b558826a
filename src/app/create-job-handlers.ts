import { join } from "node:path";
import type { DraftSink } from "../agent/ports.ts";
import { createProjectFileHandler } from "../agent/project-task-file.ts";
import { createFileReports } from "../agent/prompt/file-reports.ts";
import { createRunTaskHandler } from "../agent/run-task.ts";
import { createRunTurnHandler } from "../agent/run-turn.ts";
import { createSaveFileHandler } from "../agent/save-file.ts";
import type { ApprovalRules } from "../agent/work-scene.ts";
import type { Config } from "../config/config.ts";
import { runLimitsOf } from "../config/run-limits.ts";
import type { Clock } from "../core/clock.ts";
import { outputGuard } from "../core/guardrail/guardrail.ts";
import type { Log } from "../core/log.ts";
import type { ConnectorName } from "../core/message/inbound-message.ts";
import { systemRandom } from "../core/random.ts";
import type { CallTimes } from "../core/run/call-times.ts";
import { safeName } from "../core/safe-name.ts";
import { createDeliverHandler } from "../delivery/deliver.ts";
import type { Channel } from "../delivery/ports.ts";
import { createWithdrawButtonsHandler } from "../delivery/withdraw-buttons.ts";
import { FOR_MODELS, isForModels } from "../gateway/commands/commands.ts";
import { createHandleMessageHandler } from "../gateway/handle-message.ts";
import type { ExtensionsInfo } from "../gateway/ports.ts";
import { runProbe } from "../health/run-probe.ts";
import type { MeteredGate } from "../llm/metered-gate.ts";
import type { AnyJobHandler } from "../orchestrator/job-handler.ts";
import { createApprovalTimers } from "../scheduler/approval-timers.ts";
import { createReleaseAtCapHandler } from "../scheduler/release-at-cap.ts";
import { createSweepHandler } from "../scheduler/sweep.ts";
import { createTellOverdueHandler } from "../scheduler/tell-overdue.ts";
import type { Store } from "../store/store.ts";
import type { Toolbox } from "../tools/toolbox.ts";
import type { ConnectedChannel } from "./telegram.ts";

const HOUR_MS = 60 * 60_000;

interface JobHandlerDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly callTimes: CallTimes;
  readonly config: Config;
  readonly gate: MeteredGate;
  readonly toolbox: Toolbox;
  readonly drafts: DraftSink;
  readonly telegram: ConnectedChannel;
  readonly channels: ReadonlyMap<ConnectorName, Channel>;
  readonly redact: (text: string) => string;
  readonly extensions: ExtensionsInfo;
}

/** Who does which kind of job. */
export function createJobHandlers(deps: JobHandlerDeps): readonly AnyJobHandler[] {
  const { store, config, gate, telegram } = deps;
  const { workspaceRoot } = config.storage;
  const work = {
    approvals: approvalRules(config),
    prompts: promptRules(config.prompts, deps.log),
    outputGuard: outputGuard(config.guardrails),
    mayOffer: isForModels,
    folderOf: (workspaceId: string) => join(workspaceRoot, safeName(workspaceId)),
  };
  return [
    createHandleMessageHandler({
      ...deps,
      config: config.gateway,
      triage: config.triage,
      modelRules: { ...config.llm, guardrails: config.guardrails },
      twoPersonClasses: config.approvals.twoPerson,
      channels: {
        list: telegram.describeStates,
        botName: () => telegram.botName(),
        hearsGroups: () => telegram.hearsGroups(),
      },
      model: {
        name: () => (gate.isEnabled ? gate.modelFor("chat") : "switched off"),
        spendRules: gate.spendRules,
      },
    }),
    createSaveFileHandler({
      ...deps,
      workspaceRoot: config.storage.workspaceRoot,
      filesMaxPerDay: config.gateway.inboundFilesMaxPerDay,
      sources: telegram.files,
    }),
    createRunTurnHandler({
      ...deps,
      ...work,
      limits: runLimitsOf(config, "turn"),
      presence: telegram.presence,
      commands: FOR_MODELS,
    }),
    createRunTaskHandler({ ...deps, ...work, limits: runLimitsOf(config, "task") }),
    createProjectFileHandler({ ...deps, workspaceRoot: config.storage.workspaceRoot }),
    createDeliverHandler({ ...deps, random: systemRandom }),
    createWithdrawButtonsHandler({ ...deps, random: systemRandom }),
    runProbe,
    createSweepHandler({ store }),
    createTellOverdueHandler(deps),
    ...createApprovalTimers({ ...deps, deafAfterSleepMs: telegram.deafAfterSleepMs }),
    createReleaseAtCapHandler({ store, caps: gate.spendRules.caps }),
  ];
}

function promptRules(
  { adminPrompt, publicPrompt, contextTokens, ...home }: Config["prompts"],
  log: Log,
) {
  return { home, adminPrompt, publicPrompt, contextTokens, reports: createFileReports(log) };
}

function approvalRules({ approvals, tools }: Config): ApprovalRules {
  const { preset, hours, twoPerson } = approvals;
  return {
    preset,
    twoPersonClasses: twoPerson,
    lifeMsOf: (toolClass) => (hours[toolClass] ?? hours.default ?? 24) * HOUR_MS,
    undoMs: tools.undoSeconds * 1_000,
  };
}
