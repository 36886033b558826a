import {
  findModelRefusal,
  type ModelRefusal,
  type ModelRules,
} from "../core/access/model-rules.ts";
import { may } from "../core/access/permission.ts";
import { ROLES } from "../core/access/role.ts";
import type { ContextRow } from "../store/queries/contexts.ts";

const WHY_NOBODY: Readonly<Record<ModelRefusal["reason"], string>> = {
  model_off: "the model is switched off",
  private_off: "the model does not work in private chats",
  context_not_allowed: "the model does not work in this conversation",
  role_not_allowed: "the model works for no role that could start it",
};

/** What it takes to set a task of this conversation going that waits for somebody's say, as the rules for the model stand. */
export function whatStartTakes(rules: ModelRules, context: ContextRow): string {
  const starters = ROLES.filter((role) => may(role, "route:task"));
  const refusals = starters.flatMap((role) => findModelRefusal(rules, { role, context }) ?? []);
  const [refusal] = refusals;
  if (refusal === undefined) {
    return "It waits: nothing is done until you start it. Any button but Drop does.";
  }
  if (refusals.length === starters.length) {
    return `It waits, and nothing starts it now: ${WHY_NOBODY[refusal.reason]}. Until then the buttons only say what it is; Drop cancels it.`;
  }
  const able = starters.filter((role) => findModelRefusal(rules, { role, context }) === undefined);
  return `It waits: nothing is done until somebody starts it for whose role the model works (${able.join(", ")}). Any button of theirs but Drop does.`;
}
