import { nameRequester } from "../core/access/pairing-name.ts";
import type { Decision } from "../core/effect/commit.ts";
import { code, codeBlock, p } from "../core/rich-text/build.ts";
import type { Block } from "../core/rich-text/rich-text.ts";
import { routedCard } from "../core/triage/routed-card.ts";
import { previewOf } from "../core/triage/routed-task.ts";
import type { Routing } from "../core/triage/routing.ts";
import { cardOfTask } from "../operations/revise-routed-card.ts";
import type { ModelDeps } from "../operations/start-model.ts";
import { tellAdmins } from "../operations/tell-admins.ts";
import type { MessageFacts } from "./message-facts.ts";
import { whatStartTakes } from "./what-start-takes.ts";

export interface Announced {
  readonly taskId: string;
  readonly routing: Routing;
  readonly because: string;
  /** Nothing is done about it until somebody says so. */
  readonly isWaiting: boolean;
  /** Which of its wordings this is. */
  readonly wording: number;
}

/** Tells whoever looks after the group of a task that triage made, with buttons to put it right. */
export async function announceRouted(
  deps: ModelDeps,
  facts: MessageFacts,
  { isWaiting, ...announced }: Announced,
): Promise<Decision> {
  const card = routedCard({
    ...announced,
    about: aboutOf(facts),
    waits: isWaiting ? whatFollows(deps, facts) : undefined,
  });
  return await tellAdmins(deps, card, {
    workspaceId: facts.context.workspace_id,
    toldInContextId: null,
    taskId: announced.taskId,
    card: cardOfTask(announced),
  });
}

/** What was written, and who calls themselves what, stands in code: no command, link or name in it can be tapped. */
function aboutOf({ message, context, person, isQuoted }: MessageFacts): readonly [Block, Block] {
  const who = nameRequester({
    connector: message.connector,
    externalUserId: message.sender_external_id ?? "",
    displayName: person?.display_name ?? message.sender_name ?? "",
  });
  const did = isQuoted ? " forwarded" : message.kind === "edit" ? " edited a message" : " wrote";
  const from = person === undefined ? ["A stranger, ", code(who), `,${did}`] : [code(who), did];
  const place = context.title === "" ? context.external_id : context.title;
  return [p(...from, " in ", code(place), ":"), codeBlock(previewOf(message.text))];
}

function whatFollows({ modelRules }: ModelDeps, { context, files }: MessageFacts): string {
  const start = whatStartTakes(modelRules, context);
  return files.length === 0 ? start : `${start} What came with it is fetched then.`;
}
