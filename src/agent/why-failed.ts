import { MOST_OPEN_APPROVALS } from "../core/approval/approval.ts";
import type { AppError } from "../core/errors.ts";
import { nameValues } from "../core/guardrail/guardrail.ts";
import { MAX_INTERRUPTIONS } from "../core/job/job.ts";
import { ModelFailed } from "../core/model/model-failed.ts";
import type { ClaimedJob } from "../orchestrator/job-handler.ts";
import type { Unanswered } from "./work.ts";

/** What a person is told; never the text of an error that is not made to be told. */
export const WHY_MODEL_OFF =
  "The model was switched off before it was done. Ask again once it is on.";

/** What a person is told of a job that was given up. */
export function whyGivenUp(
  { attempts, interruptions }: Pick<ClaimedJob, "attempts" | "interruptions">,
  error: AppError,
): string {
  if (interruptions > MAX_INTERRUPTIONS) {
    return `The runtime ended ${interruptions} times while I worked on it, so I have stopped trying.`;
  }
  const why = error instanceof ModelFailed ? error.message : undefined;
  if (attempts > 1) return withWhy(why, `I tried ${attempts} times and have stopped trying.`);
  return why ?? "It failed in a way that trying again does not help.";
}

function withWhy(why: string | undefined, said: string): string {
  return why === undefined ? said : `${said} ${why}`;
}

const ASKS_FIRST = "Everybody here would read an answer that follows what others wrote";
const NOT_LET = `${ASKS_FIRST}, and it was not approved. Ask me in private.`;
const NOBODY_ASKED = `${ASKS_FIRST}, so it needs an approval, and ${MOST_OPEN_APPROVALS} wait here already. Ask again once those are decided.`;

/** Whether an admin has decided it to be so, who need not be told. */
export function isDecided(ended: Unanswered): boolean {
  return ended.kind === "not_said" && ended.isAsked;
}

/** What a person is told of a run that came to no answer, or to none that may be read. */
export function whyUnanswered(ended: Unanswered): string {
  if (ended.kind === "withheld")
    return `I have kept the answer back: it holds ${nameValues(ended.found)}, which may not be said here. Ask so that it does without.`;
  if (ended.kind === "not_said") return ended.isAsked ? NOT_LET : NOBODY_ASKED;
  if (ended.kind === "disowned") return "Whoever asked for it may not use me any more.";
  const { limit, most } = ended;
  if (most === null) {
    return "What it may spend is used up, and nobody has allowed more. /spend shows the caps.";
  }
  return `It has used up what one run may take, ${most} ${limit}, without coming to an end. Ask for less at a time, or raise the limit.`;
}
