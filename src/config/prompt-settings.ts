import { path, text, wholeNumber } from "./kinds.ts";
import { setting } from "./setting.ts";

/** What models are told, and how much of it. */
export const PROMPT_SETTINGS = {
  contextTokens: setting(
    "CONTEXT_TOKENS",
    wholeNumber(12_000, 1_000_000),
    "16000",
    "The most one request to a model may hold: instructions, tools and conversation. What is longer is summarised, or shown a page at a time.",
  ),
  systemPromptFile: setting(
    "SYSTEM_PROMPT_GLOBAL_FILE",
    path,
    "<DATA_DIR>/context/SYSTEM_PROMPT.md",
    "What every conversation is told, beside the runtime's own rules.",
  ),
  soulFile: setting(
    "SOUL_GLOBAL_FILE",
    path,
    "<DATA_DIR>/context/SOUL.md",
    "The manner in which it speaks, everywhere.",
  ),
  reasoningFile: setting(
    "REASONING_PROMPT_FILE",
    path,
    "<DATA_DIR>/context/REASONING.md",
    "How it should go about its work.",
  ),
  skillsRoot: setting(
    "SKILLS_GLOBAL_ROOT",
    path,
    "<DATA_DIR>/skills",
    "Skills of all workspaces, in `contexts/<id>/`, `admin/`, `public/` and `common/`.",
  ),
  adminPrompt: setting(
    "LLM_ADMIN_SYSTEM_PROMPT",
    text,
    "You assist the admins here. Put security, approvals and clarity first.",
    "What admin channels are told besides.",
  ),
  publicPrompt: setting(
    "LLM_PUBLIC_SYSTEM_PROMPT",
    text,
    "You assist the people here. Be concise and careful; leave out how things work inside.",
    "What all other conversations are told besides.",
  ),
} as const;
