import type { Actor } from "../../core/access/actor.ts";
import type { ModelRules } from "../../core/access/model-rules.ts";
import type { ModelDeps } from "../../operations/start-model.ts";
import type { ToolScene } from "../tool.ts";

/** What the tools are given that put the model to further work. */
export interface TaskToolDeps {
  readonly modelRules: ModelRules;
}

/** On whose account a tool asks an operation for something: whoever the work is for. No approval makes them more. */
export function actorOf({ runId, userId, role }: ToolScene): Actor {
  return { id: runId, userId: userId ?? undefined, role, displayName: "the agent" };
}

/** The same for what is done and over with the call: whoever approved it, where somebody did. */
export function approverOf(scene: ToolScene): Actor {
  return { ...actorOf(scene), userId: scene.approverId ?? scene.userId ?? undefined };
}

export function operationDeps({ modelRules }: TaskToolDeps, { store, now }: ToolScene): ModelDeps {
  return { store, now, modelRules };
}
