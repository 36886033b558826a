import type { ModelRules } from "../../src/core/access/model-rules.ts";

/** Rules under which everybody who may talk may also use the model, as often as they like. */
export const OPEN_TO_ALL: ModelRules = {
  enabled: true,
  allowDm: true,
  requireMentionInGroups: true,
  allowedRoles: [],
  allowedContextIds: [],
  rateLimitPerWindow: 0,
  rateLimitWindowSeconds: 60,
  guardrails: { input: "disabled", output: "disabled", values: ["secrets", "cards", "ibans"] },
};
