import { PRESETS } from "../core/approval/policy.ts";
import { TOOL_CLASSES } from "../core/tool/tool-facts.ts";
import { hoursByClass, oneOf, someOf } from "./kinds.ts";
import { setting } from "./setting.ts";

/** When a person is asked before a tool is called, and who may decide. */
export const APPROVAL_SETTINGS = {
  preset: setting(
    "APPROVAL_PRESET",
    oneOf(PRESETS),
    "sensitive-only",
    "What is asked about. `never-ask` still asks for what a tainted run does and for what reaches others; `mcp-only` asks for every call of an MCP server besides; `always-ask` asks for everything.",
  ),
  hours: setting(
    "APPROVAL_HOURS",
    hoursByClass,
    "24",
    "How long a call waits for a decision; a reminder comes at half. For a class of tools of its own: `24,network=336`.",
  ),
  twoPerson: setting(
    "APPROVAL_TWO_PERSON",
    someOf(TOOL_CLASSES),
    "",
    "Of these classes of tools nobody approves what they asked for themselves.",
  ),
} as const;
