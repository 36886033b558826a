import type { GuardrailRules } from "../guardrail/guardrail.ts";
import type { ConnectorName } from "../message/inbound-message.ts";
import type { Role } from "./role.ts";

/** Who may set the model to work, and where. The names are those of the configuration. */
export interface ModelRules {
  readonly enabled: boolean;
  /** In private chats of chat services. The page, the terminal and the API take a key: those are no chats. */
  readonly allowDm: boolean;
  readonly requireMentionInGroups: boolean;
  /** Empty: every role. */
  readonly allowedRoles: readonly Role[];
  /** Empty: every conversation. */
  readonly allowedContextIds: readonly string[];
  /** Turns and tasks that one person may start in a window; 0: no limit. */
  readonly rateLimitPerWindow: number;
  readonly rateLimitWindowSeconds: number;
  /** What may be said to it. */
  readonly guardrails: GuardrailRules;
}

export interface ModelUse {
  readonly role: Role;
  readonly context: {
    readonly id: string;
    readonly kind: "private" | "group";
    readonly connector: ConnectorName;
  };
}

/** Where anybody may write to us in private, let in or not. */
const CHAT_SERVICES: ReadonlySet<ConnectorName> = new Set(["telegram", "discord", "email"]);

/** Why the model may not be set to work; `text` is for the person who asked. */
export interface ModelRefusal {
  readonly reason: "model_off" | "private_off" | "context_not_allowed" | "role_not_allowed";
  readonly text: string;
}

/** What the rules have against it, whatever was used of the limit; `undefined`: nothing. */
export function findModelRefusal(
  rules: ModelRules,
  { role, context }: ModelUse,
): ModelRefusal | undefined {
  if (!rules.enabled) {
    return {
      reason: "model_off",
      text: "The model is switched off, so I answer no questions and work on no tasks. Whoever runs me turns it on: AGENT_RUNTIME_LLM_ENABLED=true and a restart. Other commands go on working, such as /help.",
    };
  }
  if (!rules.allowDm && context.kind === "private" && CHAT_SERVICES.has(context.connector)) {
    return {
      reason: "private_off",
      text: "The model does not work in private chats. Ask in a group.",
    };
  }
  if (rules.allowedContextIds.length > 0 && !rules.allowedContextIds.includes(context.id)) {
    return {
      reason: "context_not_allowed",
      text: "The model does not work in this conversation. An admin decides where it does.",
    };
  }
  if (rules.allowedRoles.length > 0 && !rules.allowedRoles.includes(role)) {
    return {
      reason: "role_not_allowed",
      text: `The model does not work for your role (${role}). An admin decides for which it does.`,
    };
  }
  return undefined;
}

/** Whoever looks after the runtime is not held up by the limit. */
export function isRateLimited(rules: ModelRules, role: Role): boolean {
  return rules.rateLimitPerWindow > 0 && role !== "admin" && role !== "overlord";
}
