import { GUARD_MODES, GUARDED_VALUES } from "../core/guardrail/guardrail.ts";
import { oneOf, someOf } from "./kinds.ts";
import { setting } from "./setting.ts";

/** What is done about values that pass to a model or from it. */
export const GUARDRAIL_SETTINGS = {
  input: setting(
    "GUARDRAILS_INPUT",
    oneOf(GUARD_MODES),
    "disabled",
    "What is done about values that go to a model. `observe`: a line in the log; `block`: the message or task that holds one is refused, and elsewhere it is replaced; `redact`: it is replaced. See [safety](safety.md#guardrails).",
  ),
  output: setting(
    "GUARDRAILS_OUTPUT",
    oneOf(GUARD_MODES),
    "disabled",
    "What is done about values in what a model writes: answers, drafts of them, results of tasks, and what a tool would take out of the house.",
  ),
  values: setting(
    "GUARDRAILS_VALUES",
    someOf(GUARDED_VALUES),
    "secrets,cards,ibans",
    "What both look for.",
  ),
} as const;
