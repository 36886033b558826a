import type { Actor } from "../core/access/actor.ts";
import type { Decision } from "../core/effect/commit.ts";
import { AppError } from "../core/errors.ts";
import { hasVisibleText } from "../core/message/storable-text.ts";
import { changeContext } from "./change-context.ts";
import { loadManagedContext } from "./load-managed-context.ts";
import type { OperationDeps } from "./operation.ts";

const MOST_CHARACTERS = 4_000;

/**
 * Sets what the model is told in a conversation beside all else, exactly as given; `null` takes it away. It holds from
 * the next turn on. @throws AppError `access_denied`, `invalid_input` (nothing, or too much).
 */
export async function setPrompt(
  deps: OperationDeps,
  actor: Actor,
  input: { readonly contextId: string; readonly prompt: string | null },
): Promise<Decision> {
  const { context, seen } = await loadManagedContext(deps, actor, input.contextId);
  const { prompt } = input;
  if (prompt !== null) requireFit(prompt);
  if (context.prompt === prompt) return { effects: [], seen: [] };
  return { effects: [changeContext(context, { prompt })], seen };
}

/** What is shown of it, for whoever may change it. @throws AppError `access_denied`. */
export async function showPrompt(
  deps: OperationDeps,
  actor: Actor,
  contextId: string,
): Promise<string | null> {
  return (await loadManagedContext(deps, actor, contextId)).context.prompt;
}

function requireFit(prompt: string): void {
  if (!hasVisibleText(prompt)) {
    throw new AppError("invalid_input", "Say what to set: /prompt set <text>");
  }
  const length = Array.from(prompt).length;
  if (length <= MOST_CHARACTERS) return;
  throw new AppError(
    "invalid_input",
    `That has ${length} characters; a prompt has at most ${MOST_CHARACTERS}. Nothing was changed.`,
  );
}
