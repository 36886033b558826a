import type { ModelRules } from "../core/access/model-rules.ts";
import type { Addressing } from "../core/message/addressing.ts";
import type { ContextRow } from "../store/queries/contexts.ts";

/** Which text in a group is for us: as its admins say, else as the configuration does. */
export function addressingOf(
  { addressing }: Pick<ContextRow, "addressing">,
  rules: Pick<ModelRules, "requireMentionInGroups">,
): Addressing {
  return addressing ?? (rules.requireMentionInGroups ? "mention" : "all");
}
