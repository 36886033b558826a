import { z } from "zod";
import { AppError } from "../../core/errors.ts";
import { type CodeDeps, runProgram, sensitivityOfProgram } from "../code/run-in-sandbox.ts";
import { filesOfProgram, fingerprint } from "../fingerprint.ts";
import { type Network, sendRequest } from "../network/send-request.ts";
import { defineTool, type Tool, type ToolResult } from "../tool.ts";
import type { Action, Webhook } from "./action.ts";

const TIME_LIMIT_MS = 30_000;
const LONGEST_PAYLOAD = 20_000;
const MOST_ANSWERED_BYTES = 20_000;

export interface ActionDeps {
  readonly actions: readonly Action[];
  readonly network: Network;
  readonly code: CodeDeps;
}

const input = z.strictObject({
  type: z.string().min(1).max(64).describe("The name of the action."),
  target: z.string().max(500).default("").describe("What it is set off for, where it takes one."),
  summary: z.string().trim().min(1).max(500).describe("Why, in one sentence, for who approves."),
  payload: z
    .record(z.string(), z.unknown())
    .refine((payload) => JSON.stringify(payload).length <= LONGEST_PAYLOAD, "too large")
    .default({}),
});
type Input = z.output<typeof input>;

/** Sets off one of the actions that the operator has written down, with arguments as they allow. */
export function runActionTool(deps: ActionDeps): Tool {
  return defineTool<Input>({
    name: "run_action",
    class: "admin",
    description: ["Sets off an action of this installation:", ...deps.actions.map(offer)].join(
      "\n",
    ),
    input,
    effect: "send",
    timeLimitMs: Math.max(TIME_LIMIT_MS, deps.code.limits.timeMs) + 5_000,
    sensitivityOf: (given) => {
      const { does, sensitivity } = check(deps, given).action;
      return does.kind === "command" ? sensitivityOfProgram(deps.code, sensitivity) : sensitivity;
    },
    describe: ({ type, target, summary, payload }) =>
      `Set off ${type}${target === "" ? "" : ` for ${JSON.stringify(target)}`} with ${JSON.stringify(payload)}: ${summary}`,
    fingerprintOf: (given) => {
      const { does } = check(deps, given).action;
      const files = does.kind === "command" ? filesOfProgram({ argv: does.argv }) : [];
      return fingerprint({ does, files });
    },
    async run(given, scene, signal) {
      const { action, payload } = check(deps, given);
      const { type, target, summary } = given;
      const body = JSON.stringify({ type, target, summary, payload });
      const { does } = action;
      if (does.kind === "command")
        return await runProgram(deps.code, scene, does.argv, signal, body);
      return await call(deps.network, does, body, signal);
    },
  });
}

/** @throws AppError with words for the model when it is no call that the operator allows. */
function check({ actions }: ActionDeps, { type, target, payload }: Input) {
  const action = actions.find(({ name }) => name === type);
  if (action === undefined) {
    const names = actions.map(({ name }) => name).join(", ");
    throw new AppError("not_found", `There is no such action. There are: ${names}.`);
  }
  const { targets } = action;
  if (targets.length === 0 ? target !== "" : !targets.includes(target)) {
    const takes = targets.length === 0 ? "no target" : `one of the targets ${targets.join(", ")}`;
    throw new AppError("invalid_input", `${type} takes ${takes}.`);
  }
  const parsed = action.payload.safeParse(payload);
  if (parsed.success) return { action, payload: parsed.data };
  const issues = parsed.error.issues
    .slice(0, 5)
    .map(({ path, message }) => `${["payload", ...path].join(".")}: ${message}`);
  throw new AppError("invalid_input", `${type} cannot take that. ${issues.join("; ")}`);
}

function offer({ name, description, targets, payloadSchema }: Action): string {
  const takes = targets.length === 0 ? "" : ` Targets: ${targets.join(", ")}.`;
  return `- ${name}: ${description}${takes} Payload: ${JSON.stringify(payloadSchema)}`;
}

async function call(
  network: Network,
  { url, method, headers }: Webhook,
  body: string,
  signal: AbortSignal,
): Promise<ToolResult> {
  const { host } = new URL(url);
  const answer = await sendRequest(
    // The operator named this very place, wherever it is.
    { ...network, allowedHosts: [...network.allowedHosts, host] },
    {
      url,
      method,
      headers: { "content-type": "application/json", ...headers },
      body,
      mostBytes: MOST_ANSWERED_BYTES,
    },
    signal,
  );
  const isDone = answer.status >= 200 && answer.status < 300;
  return {
    text: `${host} answered with status ${answer.status}.\n${answer.body.toString("utf8")}`,
    taintedBy: `the answer of ${host}`,
    ...(isDone ? {} : { isFailure: true }),
  };
}
