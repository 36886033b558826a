import { path, usd, wholeNumber } from "./kinds.ts";
import { optional, setting } from "./setting.ts";

/** How much money may be spent, and what it is counted by. */
export const SPEND_SETTINGS = {
  dailyMicroUsd: setting(
    "SPEND_DAILY_USD",
    usd,
    "5",
    "What all work together may spend in a day (UTC). At the cap it waits and asks.",
  ),
  runMicroUsd: setting(
    "SPEND_RUN_USD",
    usd,
    "1",
    "What one turn or one task may spend, over its restarts. At the cap it waits and asks.",
  ),
  userMicroUsd: optional(
    "SPEND_USER_USD",
    usd,
    "What the work of one person may spend in a day (UTC). Unset: no cap for each.",
  ),
  keyMicroUsd: optional(
    "SPEND_KEY_USD",
    usd,
    "What the work of one key of the API may spend in a day (UTC). Unset: as much as that of one person.",
  ),
  workspaceMicroUsd: optional(
    "SPEND_WORKSPACE_USD",
    usd,
    "What all work in one workspace may spend in a day (UTC). Unset: no cap for each.",
  ),
  pricesFile: optional(
    "PRICES_FILE",
    path,
    'Prices that go before the built-in ones: JSON such as `{"openai/gpt-6-sol": {"input": 2, "output": 10}}`, in dollars for a million tokens. A model on this machine costs nothing unless it is named there.',
  ),
} as const;

/** How far one run may go; at any of these it ends `budget_exceeded`, within one call of the model. */
export const LIMIT_SETTINGS = {
  tokensPerRun: setting(
    "MAX_TOKENS_PER_RUN",
    wholeNumber(1_000, 100_000_000),
    "100000",
    "Tokens that one run may send and receive together.",
  ),
  toolCallsPerRun: setting(
    "MAX_TOOL_CALLS_PER_RUN",
    wholeNumber(1, 1_000),
    "60",
    "Tools that one run may call.",
  ),
  turnSteps: setting(
    "AGENT_MAX_LOOP_STEPS",
    wholeNumber(1, 500),
    "20",
    "How often a model is asked while it answers a message; the last time it must answer.",
  ),
  turnSeconds: setting(
    "AGENT_MAX_TURN_DURATION_SECONDS",
    wholeNumber(1, 86_400),
    "120",
    "How long an answer to a message may be worked on. Waiting for an approval does not count.",
  ),
  taskSteps: setting(
    "AGENT_AUTONOMOUS_MAX_LOOP_STEPS",
    wholeNumber(1, 500),
    "50",
    "How often a model is asked in a background task; the last time it must answer.",
  ),
  taskSeconds: setting(
    "AGENT_AUTONOMOUS_MAX_TURN_DURATION_SECONDS",
    wholeNumber(1, 86_400),
    "1200",
    "How long a background task may be worked on. Waiting for an approval does not count.",
  ),
} as const;
