import type { Actor } from "../core/access/actor.ts";
import type { Effect } from "../core/effect/effect.ts";
import {
  type RoutedChange,
  reviseRoutedCard,
  supersedeRoutedCard,
} from "../core/triage/routed-card.ts";
import type { OperationDeps } from "./operation.ts";
import { reviseCards } from "./revise-cards.ts";

/** The name under which the copies of a task's card are found. What its sender changes is on a card of its own. */
export function cardOfTask({ taskId, wording }: Pick<RoutedChange, "taskId" | "wording">): string {
  return `task:${taskId}:v${wording}`;
}

/** Says on every copy of a routed task's card what became of it. A task without a card changes nothing. */
export async function reviseRoutedCards(
  deps: OperationDeps,
  change: RoutedChange,
): Promise<readonly Effect[]> {
  return await reviseCards(deps, cardOfTask(change), (body) => reviseRoutedCard(body, change));
}

/** Takes the buttons off every copy of the card with this wording: its sender has changed what it says. */
export async function supersedeRoutedCards(
  deps: OperationDeps,
  of: Pick<RoutedChange, "taskId" | "wording">,
): Promise<readonly Effect[]> {
  return await reviseCards(deps, cardOfTask(of), supersedeRoutedCard);
}

/** Whom a card names: a name alone is anybody's. */
export function nameDecider({ displayName, id }: Pick<Actor, "displayName" | "id">): string {
  return `${displayName} (${id})`;
}
