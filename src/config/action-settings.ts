import { path } from "./kinds.ts";
import { setting } from "./setting.ts";

/** What the operator lets the agent set off. */
export const ACTION_SETTINGS = {
  file: setting(
    "ACTIONS_FILE",
    path,
    "ext/actions.json",
    "The actions that `run_action` may set off; see [tools](tools.md). No file: none.",
  ),
} as const;
