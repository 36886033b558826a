import {
  contextIds,
  modelName,
  modelRefs,
  provider,
  roles,
  secret,
  url,
  wholeNumber,
  yesOrNo,
} from "./kinds.ts";
import { optional, setting } from "./setting.ts";

/** Which models are asked, and where. */
export const MODEL_SETTINGS = {
  provider: optional(
    "LLM_PROVIDER",
    provider,
    "Who is asked. Unset: openai when `AGENT_RUNTIME_LLM_API_KEY` is set, else offline, which answers from fixed forms and asks nobody.",
  ),
  apiKey: optional(
    "LLM_API_KEY",
    secret,
    "The provider's key. Unset: the vendor's usual variable, such as `OPENAI_API_KEY`, when `AGENT_RUNTIME_LLM_PROVIDER` names the vendor.",
  ),
  model: optional(
    "LLM_MODEL",
    modelName,
    "The model's name at its provider. Unset: a middling one of the vendor's; see [models](models.md).",
  ),
  baseUrl: optional(
    "LLM_BASE_URL",
    url,
    "The provider's address. Unset: the vendor's own. On this machine a model costs nothing and needs no key.",
  ),
  timeoutSeconds: setting(
    "LLM_TIMEOUT_SECONDS",
    wholeNumber(1, 3600),
    "60",
    "How long a model may be silent before the call counts as failed.",
  ),
  maxOutputTokens: setting(
    "LLM_MAX_OUTPUT_TOKENS",
    wholeNumber(256, 200_000),
    "8192",
    "The longest one answer of a model may be. A call is put aside for at this length.",
  ),
  fallbacks: setting(
    "LLM_FALLBACKS",
    modelRefs,
    "",
    "Models that are asked, in this order, when the one before cannot answer. Another vendor's key is taken from its usual variable.",
  ),
  modelChat: optional(
    "LLM_MODEL_CHAT",
    modelName,
    "The model for conversations. Unset: `AGENT_RUNTIME_LLM_MODEL`.",
  ),
  modelTask: optional(
    "LLM_MODEL_TASK",
    modelName,
    "The model for background tasks. Unset: `AGENT_RUNTIME_LLM_MODEL`.",
  ),
  modelTriage: optional(
    "LLM_MODEL_TRIAGE",
    modelName,
    "The model for tasks that triage made of what people reported. Unset: `AGENT_RUNTIME_LLM_MODEL`.",
  ),
  modelSummary: optional(
    "LLM_MODEL_SUMMARY",
    modelName,
    "The model for summaries of long conversations. Unset: `AGENT_RUNTIME_LLM_MODEL`.",
  ),
} as const;

/** Who may set a model to work, and how often. */
export const MODEL_RULES = {
  enabled: setting(
    "LLM_ENABLED",
    yesOrNo,
    "true",
    "Off: no model is asked by anybody; commands go on working. What was queued or begun before fails and is told so.",
  ),
  allowDm: setting(
    "LLM_ALLOW_DM",
    yesOrNo,
    "true",
    "Whether the model works in private chats. The page, the terminal and the API are none: they take a key.",
  ),
  requireMentionInGroups: setting(
    "LLM_REQUIRE_MENTION_IN_GROUPS",
    yesOrNo,
    "true",
    "Off: in groups the model also answers what paired people say without addressing it.",
  ),
  allowedRoles: setting(
    "LLM_ALLOWED_ROLES",
    roles,
    "",
    "Only these roles may set the model to work. Empty: whoever may talk to it.",
  ),
  allowedContextIds: setting(
    "LLM_ALLOWED_CONTEXT_IDS",
    contextIds,
    "",
    "Only in these conversations does the model work (`agent-runtime contexts list`). Empty: in all.",
  ),
  rateLimitPerWindow: setting(
    "LLM_RATE_LIMIT_PER_WINDOW",
    wholeNumber(0, 100_000),
    "8",
    "Answers and tasks that one person may ask for in a window; admins have no limit. 0: nobody has.",
  ),
  rateLimitWindowSeconds: setting(
    "LLM_RATE_LIMIT_WINDOW_SECONDS",
    wholeNumber(1, 86_400),
    "60",
    "How long such a window is.",
  ),
} as const;
