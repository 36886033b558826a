import { APPROVAL_SETTINGS } from "./approval-settings.ts";
import { EXTENSION_SETTINGS } from "./extension-settings.ts";
import { GUARDRAIL_SETTINGS } from "./guardrail-settings.ts";
import {
  exactUrl,
  hostNames,
  httpAddress,
  logLevel,
  path,
  secret,
  url,
  wholeNumber,
  yesOrNo,
} from "./kinds.ts";
import { MAIL_SETTINGS } from "./mail-settings.ts";
import { MODEL_RULES, MODEL_SETTINGS } from "./model-settings.ts";
import { PROMPT_SETTINGS } from "./prompt-settings.ts";
import { SANDBOX_SETTINGS } from "./sandbox-settings.ts";
import { optional, setting } from "./setting.ts";
import { LIMIT_SETTINGS, SPEND_SETTINGS } from "./spend-settings.ts";
import { TOOL_SETTINGS } from "./tool-settings.ts";

/** Every variable, by section and by the name it has in the config. The docs and `.env.example` are made from it. */
export const SETTINGS = {
  storage: {
    dataDir: setting("DATA_DIR", path, "./data", "Everything the runtime keeps lies here."),
    dbPath: setting("DB_PATH", path, "<DATA_DIR>/agent-runtime/meta.sqlite", "The database file."),
    workspaceRoot: setting(
      "WORKSPACE_ROOT",
      path,
      "<DATA_DIR>/workspaces",
      "The files of each workspace: results of tasks, notes.",
    ),
  },
  work: {
    defaultConcurrency: setting(
      "DEFAULT_CONCURRENCY",
      wholeNumber(1, 100),
      "5",
      "How many turns and tasks run at the same time.",
    ),
  },
  http: {
    address: setting(
      "HTTP_ADDR",
      httpAddress,
      "127.0.0.1:8080",
      "Where the page and the API listen. Without a host it is this machine only; port 0 takes a free one.",
    ),
    allowRemote: setting(
      "ALLOW_REMOTE",
      yesOrNo,
      "false",
      "Allows an address that other machines can reach. Put TLS in front of it.",
    ),
    allowedHosts: setting(
      "ALLOWED_HOSTS",
      hostNames,
      "",
      "Names besides localhost under which the page and the API are reached.",
    ),
    adminToken: optional(
      "ADMIN_TOKEN",
      secret,
      "The owner's key for the API. Unset: made on first start and kept in `<DATA_DIR>/admin-token`.",
    ),
  },
  telegram: {
    token: optional(
      "TELEGRAM_TOKEN",
      secret,
      "The bot's token from @BotFather. Unset: no Telegram.",
    ),
    apiBase: setting(
      "TELEGRAM_API_BASE",
      url,
      "https://api.telegram.org",
      "The Bot API server, when it is not Telegram's own.",
    ),
    pollSeconds: setting(
      "TELEGRAM_POLL_SECONDS",
      wholeNumber(1, 50),
      "25",
      "How long one request waits for news.",
    ),
    maxPerSecond: setting(
      "TELEGRAM_MAX_PER_SECOND",
      wholeNumber(0, 1000),
      "30",
      "Messages a second to all chats together. 0: only obey Telegram's 429.",
    ),
    maxPerChatPerSecond: setting(
      "TELEGRAM_MAX_PER_CHAT_PER_SECOND",
      wholeNumber(0, 1000),
      "1",
      "Messages a second to one chat, after a burst of five. 0: only obey Telegram's 429.",
    ),
  },
  agents: {
    publishUrl: optional(
      "CODEX_PUBLISH_URL",
      exactUrl,
      "Where Codex, Cline, Gemini and other agents are told what they did not ask for. Unset: it is kept for them to fetch.",
    ),
    publishBearerToken: optional(
      "CODEX_PUBLISH_BEARER_TOKEN",
      secret,
      "Sent there as a bearer token. Unset: none.",
    ),
    publishTimeoutSeconds: setting(
      "CODEX_PUBLISH_TIMEOUT_SECONDS",
      wholeNumber(1, 300),
      "8",
      "How long an answer from there is waited for.",
    ),
  },
  gateway: {
    inboundMaxPerMinute: setting(
      "INBOUND_MAX_PER_MINUTE",
      wholeNumber(0, 100_000),
      "30",
      "Messages a minute from one sender; more are dropped, and the sender is told. 0: no limit.",
    ),
    inboundFilesMaxPerDay: setting(
      "INBOUND_FILES_MAX_PER_DAY",
      wholeNumber(0, 100_000),
      "100",
      "Files a day from one person, each up to 20 MB; more are not saved, and the sender is told. 0: no limit.",
    ),
    commandSyncEnabled: setting(
      "COMMAND_SYNC_ENABLED",
      yesOrNo,
      "true",
      "Registers the menu of commands with the channels.",
    ),
  },
  triage: {
    enabled: setting(
      "TRIAGE_ENABLED",
      yesOrNo,
      "true",
      "Makes tasks of what people write in groups that opted in. Off: in no group.",
    ),
    notifyAdmin: setting(
      "TRIAGE_NOTIFY_ADMIN",
      yesOrNo,
      "true",
      "Tells admins of every such task, with buttons to put it right.",
    ),
  },
  models: MODEL_SETTINGS,
  spend: SPEND_SETTINGS,
  prompts: PROMPT_SETTINGS,
  approvals: APPROVAL_SETTINGS,
  limits: LIMIT_SETTINGS,
  llm: MODEL_RULES,
  guardrails: GUARDRAIL_SETTINGS,
  tools: TOOL_SETTINGS,
  mail: MAIL_SETTINGS,
  extensions: EXTENSION_SETTINGS,
  sandbox: SANDBOX_SETTINGS,
  admin: {
    apiUrl: setting(
      "ADMIN_API_URL",
      url,
      "http://<HTTP_ADDR>",
      "Where the commands of the terminal find the running service.",
    ),
    httpTimeoutSeconds: setting(
      "ADMIN_HTTP_TIMEOUT_SECONDS",
      wholeNumber(1, 3600),
      "120",
      "How long a command of the terminal waits for an answer.",
    ),
  },
  log: {
    level: setting(
      "LOG_LEVEL",
      logLevel,
      "info",
      "The least important lines that are still logged.",
    ),
  },
} as const;

/** What each section is about, for the docs. */
export const SECTION_TITLES: Readonly<Record<keyof typeof SETTINGS, string>> = {
  storage: "Storage",
  work: "Work",
  http: "Page and API",
  telegram: "Telegram",
  agents: "Agents as channels",
  gateway: "Messages and commands",
  triage: "Triage in groups",
  models: "Models",
  spend: "Spend",
  prompts: "What models are told",
  approvals: "Approvals",
  limits: "Limits of a run",
  llm: "Who may use the model",
  guardrails: "Guardrails",
  tools: "Tools",
  mail: "Mail",
  extensions: "MCP servers, plugins and actions",
  sandbox: "What commands of the agent may use",
  admin: "Commands of the terminal",
  log: "Log",
};
