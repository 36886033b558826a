import type { Actor } from "../../core/access/actor.ts";
import { AppError } from "../../core/errors.ts";
import { auditAfter } from "../../store/queries/audit.ts";
import { lastAudit } from "../../store/queries/bookkeeping.ts";
import { contextById } from "../../store/queries/contexts.ts";
import { userById } from "../../store/queries/people.ts";
import { identifyCaller } from "../authenticate-request.ts";
import { createEventStream, type EventSource, formatEvent } from "../event-stream.ts";
import type { Draft } from "../ports.ts";
import { type HttpDeps, route } from "../route.ts";

const BATCH = 200;

export const eventsRoute = route({
  method: "get",
  path: "/api/v1/events",
  summary:
    "Server-sent events: `change` for every commit (ids only; resumable with Last-Event-ID), `draft` for growing answers.",
  permission: "read:status",
  responses: { 200: { description: "A stream.", contentType: "text/event-stream" } },
  async handle({ context, actor, signal }, deps) {
    if (context.req.method === "HEAD")
      return new Response(null, { headers: { "content-type": "text/event-stream" } });
    const startSeq = await findStart(deps, parseEventId(context.req.header("last-event-id")));
    const source = createSource(deps, actor, startSeq);
    return createEventStream(
      { ...source, verify: async () => void (await identifyCaller(deps, context)) },
      deps.clock,
      signal,
    );
  },
});

function parseEventId(header: string | undefined): number | undefined {
  if (header === undefined || header === "") return undefined;
  const seq = Number(header);
  if (!/^\d{1,15}$/.test(header) || !Number.isSafeInteger(seq)) {
    throw new AppError("invalid_input", "Last-Event-ID: not an id of this stream.");
  }
  return seq;
}

/** An id ahead of the record is of another one, such as was there before a backup was put back: it cannot be met. */
async function findStart({ store }: HttpDeps, asked: number | undefined): Promise<number> {
  const newest = (await store.first(lastAudit, {}))?.seq ?? 0;
  return Math.min(asked ?? newest, newest);
}

function createSource(deps: HttpDeps, actor: Actor, startSeq: number): Omit<EventSource, "verify"> {
  let seq = startSeq;
  let hasGreeted = false;
  const drafts = createDraftBox(deps, actor);

  async function nextChanges(): Promise<string | undefined> {
    const rows = await deps.store.all(auditAfter, { seq, limit: BATCH });
    const last = rows.at(-1);
    if (last === undefined) return undefined;
    seq = last.seq;
    return rows
      .map((row) =>
        formatEvent({
          id: row.seq,
          name: "change",
          data: { name: row.name, ids: splitIds(row.ids) },
        }),
      )
      .join("");
  }

  return {
    async next() {
      if (!hasGreeted) {
        hasGreeted = true;
        // A point to resume from for who has none, and for who asked for another the word that this is a new beginning.
        return formatEvent({ id: seq, name: "change", data: { name: "connected", ids: [] } });
      }
      return (await nextChanges()) ?? (await drafts.take());
    },
    subscribe(onNews) {
      const unsubscribes = [deps.store.changes.subscribe(onNews), drafts.subscribe(onNews)];
      return () => {
        for (const unsubscribe of unsubscribes) unsubscribe();
      };
    },
  };
}

function splitIds(ids: string): string[] {
  return ids === "" ? [] : ids.split(",");
}

/** The answers being written in the workspace of `actor`, each with its newest text. Other people's never leave. */
function createDraftBox(deps: HttpDeps, actor: Actor) {
  const grown = new Set<string>();

  async function isOwn(draft: Draft): Promise<boolean> {
    const user = await deps.store.first(userById, { id: actor.userId ?? "" });
    const conversation = await deps.store.first(contextById, { id: draft.contextId });
    return user !== undefined && conversation?.workspace_id === user.workspace_id;
  }

  return {
    subscribe: (onNews: () => void): (() => void) =>
      deps.ports.drafts.subscribe((runId) => {
        grown.add(runId);
        onNews();
      }),
    async take(): Promise<string | undefined> {
      const waiting = [...grown];
      grown.clear();
      const events: string[] = [];
      for (const runId of waiting) {
        const draft = deps.ports.drafts.find(runId);
        if (draft === undefined || !(await isOwn(draft))) continue;
        const data = { context_id: draft.contextId, run_id: draft.runId, text: draft.text };
        events.push(formatEvent({ name: "draft", data }));
      }
      return events.length === 0 ? undefined : events.join("");
    },
  };
}
