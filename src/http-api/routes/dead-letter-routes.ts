import {
  type DeadLetterPage,
  type DeadLetterView,
  deadLetterPage,
  deadLetterQuery,
  dropDeadLetterRequest,
  type MovedDeadLetter,
  movedDeadLetter,
  replayDeadLetterRequest,
} from "../../client/shapes/dead-letter.ts";
import { unixSeconds } from "../../client/shapes/instant.ts";
import { toIso } from "../../core/clock.ts";
import { dropDeadLetter } from "../../operations/drop-dead-letter.ts";
import { findDeadLetter } from "../../operations/find-dead-letter.ts";
import { type DeadLetter, listDeadLetters } from "../../operations/list-dead-letters.ts";
import { replayDeadLetter } from "../../operations/replay-dead-letter.ts";
import { commitDecision } from "../../store/commit-decision.ts";
import { route } from "../route.ts";

const list = route({
  method: "get",
  path: "/api/v1/dead-letters",
  summary: "Work of every kind that was given up and kept, newest first, and what to do about it.",
  permission: "manage:dead-letters",
  query: deadLetterQuery,
  responses: { 200: { description: "A page of it.", schema: deadLetterPage } },
  async handle({ context, actor, query }, { store, clock }) {
    const page = await listDeadLetters({ store, now: clock.now() }, actor, query);
    const answer: DeadLetterPage = {
      items: page.items.map(toDeadLetterView),
      count: page.items.length,
      next_cursor: page.nextCursor,
    };
    return context.json(answer);
  },
});

function toDeadLetterView({ job, standing }: DeadLetter): DeadLetterView {
  return {
    id: job.id,
    kind: job.kind,
    about: standing.about,
    error: job.last_error ?? "",
    attempts: job.attempts,
    interruptions: job.interruptions,
    can_replay: standing.replay !== undefined,
    can_drop: standing.drop !== undefined,
    advice: standing.advice,
    created_at_unix: unixSeconds(job.created_at_ms),
    created_at: toIso(job.created_at_ms),
  };
}

const replay = route({
  method: "post",
  path: "/api/v1/dead-letters/replay",
  summary: "Does given-up work again; 409 with what to do instead when that would do nothing.",
  permission: "manage:dead-letters",
  body: replayDeadLetterRequest,
  responses: { 202: { description: "It is queued.", schema: movedDeadLetter } },
  async handle({ context, actor, body }, deps) {
    const { store, clock } = deps;
    const { job } = await findDeadLetter({ store, now: clock.now() }, actor, body.job_id);
    const step = { name: "replay-dead-letter", actor: actor.id, cause: job.cause };
    await commitDecision(deps, step, (now) =>
      replayDeadLetter({ store, now }, actor, { deadLetter: job.id }),
    );
    const answer: MovedDeadLetter = { job_id: job.id, kind: job.kind, status: "queued" };
    return context.json(answer, 202);
  },
});

const drop = route({
  method: "post",
  path: "/api/v1/dead-letters/drop",
  summary: "Gives such work up for good; 409 while something waits for it.",
  permission: "manage:dead-letters",
  body: dropDeadLetterRequest,
  responses: { 200: { description: "It is gone.", schema: movedDeadLetter } },
  async handle({ context, actor, body }, deps) {
    const { store, clock } = deps;
    const { job } = await findDeadLetter({ store, now: clock.now() }, actor, body.job_id);
    const step = { name: "drop-dead-letter", actor: actor.id, cause: job.cause };
    await commitDecision(deps, step, (now) =>
      dropDeadLetter({ store, now }, actor, { deadLetter: job.id, reason: body.reason }),
    );
    const answer: MovedDeadLetter = { job_id: job.id, kind: job.kind, status: "dropped" };
    return context.json(answer);
  },
});

export const deadLetterRoutes = [list, replay, drop];
