import type { Actor } from "../../core/access/actor.ts";
import type { ModelRules } from "../../core/access/model-rules.ts";
import type { ModelDeps } from "../../operations/start-model.ts";
import type { ToolScene } from "../tool.ts";

/** What the tools are given that put the model to further work. */
export interface TaskToolDeps {
  readonly modelRules: ModelRules;
}

/** Who acts when a tool asks an operation: whoever the work is for, with the role the call is made with. */
export function actorOf({ runId, userId, role }: ToolScene): Actor {
  return { id: runId, userId: userId ?? undefined, role, displayName: "the agent" };
}

export function operationDeps({ modelRules }: TaskToolDeps, { store, now }: ToolScene): ModelDeps {
  return { store, now, modelRules };
}
