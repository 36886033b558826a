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
/** Growing answers remembered for a reader; of each only the newest text. */
const MAX_DRAFTS = 50;

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
    const startSeq = parseEventId(context.req.header("last-event-id")) ?? (await newestSeq(deps));
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

async function newestSeq({ store }: HttpDeps): Promise<number> {
  return (await store.first(lastAudit, {}))?.seq ?? 0;
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
        // Gives a reader that has seen nothing yet a point to resume from.
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

/** The newest text of each growing answer in the workspace of `actor`. Other people's drafts never leave. */
function createDraftBox(deps: HttpDeps, actor: Actor) {
  const newest = new Map<string, Draft>();

  async function isOwn(draft: Draft): Promise<boolean> {
    const user = await deps.store.first(userById, { id: actor.userId ?? "" });
    const conversation = await deps.store.first(contextById, { id: draft.contextId });
    return user !== undefined && conversation?.workspace_id === user.workspace_id;
  }

  return {
    subscribe: (onNews: () => void): (() => void) =>
      deps.ports.subscribeDrafts((draft) => {
        if (!newest.has(draft.runId) && newest.size >= MAX_DRAFTS) return;
        newest.set(draft.runId, draft);
        onNews();
      }),
    async take(): Promise<string | undefined> {
      const waiting = [...newest.values()];
      newest.clear();
      const events: string[] = [];
      for (const draft of waiting) {
        if (!(await isOwn(draft))) continue;
        const data = { context_id: draft.contextId, run_id: draft.runId, text: draft.text };
        events.push(formatEvent({ name: "draft", data }));
      }
      return events.length === 0 ? undefined : events.join("");
    },
  };
}
