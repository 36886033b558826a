import { type ChatReply, chatReply, chatRequest } from "../../client/shapes/chat.ts";
import { withTimeout } from "../../core/abort.ts";
import { cardOfApproval, isCardOfApproval } from "../../core/approval/approval-card.ts";
import { AppError } from "../../core/errors.ts";
import type { RichText } from "../../core/rich-text/rich-text.ts";
import { toPlainText } from "../../core/rich-text/to-plain-text.ts";
import { type ApprovalRow, approvalsOfRun } from "../../store/queries/approvals.ts";
import { deliveriesOfMessage } from "../../store/queries/deliveries.ts";
import { type MessageRow, messageById } from "../../store/queries/messages.ts";
import { runRowById } from "../../store/queries/runs.ts";
import type { Reader } from "../../store/store.ts";
import { acceptMessage } from "../accept-message.ts";
import { type HttpDeps, route } from "../route.ts";

export const chatRoute = route({
  method: "post",
  path: "/api/v1/chat",
  summary: "Says something to the assistant and waits for the answer. The key decides who speaks.",
  permission: "converse",
  body: chatRequest,
  responses: {
    200: { description: "It is settled.", schema: chatReply },
    202: {
      description:
        "Not within `wait_seconds`, or it waits for an approval; send the same `message_id` again to go on waiting.",
      schema: chatReply,
    },
  },
  async handle({ context, actor, body, signal }, deps) {
    const externalId = body.external_id ?? body.from_user_id ?? "codex-cli";
    const accepted = await acceptMessage(deps, actor, {
      address: { connector: body.connector, account: actor.id, externalId },
      title: body.display_name ?? externalId,
      text: body.text,
      messageId: body.message_id,
    });
    const message = await waitUntilSettled(deps, accepted.id, body.wait_seconds * 1_000, signal);
    const reply = await toReply(deps, message);
    return context.json(reply, reply.outcome === "pending" ? 202 : 200);
  },
});

async function waitUntilSettled(
  deps: HttpDeps,
  id: string,
  waitMs: number,
  signal: AbortSignal,
): Promise<MessageRow> {
  const { store, clock } = deps;
  const read = async (): Promise<MessageRow> => {
    const row = await store.first(messageById, { id });
    if (row === undefined) throw new AppError("not_found", "This message is not there any more.");
    return row;
  };
  const readSettled = async (): Promise<MessageRow | undefined> => {
    const row = await read();
    runId = row.run_id;
    const isOver = row.outcome !== "pending" || (await openApprovals(store, row)).length > 0;
    return isOver ? row : undefined;
  };
  let runId: string | null = null;
  const isAboutIt = (change: { topic: string; id: string }): boolean =>
    change.id === (change.topic === "runs" ? runId : id);
  if (waitMs === 0) return await read();
  try {
    return await withTimeout(clock, waitMs, signal, (limited) =>
      store.changes.waitFor(isAboutIt, readSettled, limited),
    );
  } catch {
    // The wait ended first, the service stops, or the store failed: the last of these shows in reading again.
    return await read();
  }
}

async function toReply({ store, ports }: HttpDeps, message: MessageRow): Promise<ChatReply> {
  const waitsFor = await openApprovals(store, message);
  const isPending = message.outcome === "pending";
  const deliveries =
    isPending && waitsFor.length === 0
      ? []
      : await store.all(deliveriesOfMessage, { messageId: message.id });
  const cards = new Set(waitsFor.map(({ id }) => cardOfApproval(id)));
  // While it waits, the cards say for what; once it is over, the answer tells what became of it. A command may show one.
  const texts = deliveries
    .filter((delivery) => delivery.kind === "send" && delivery.context_id === message.context_id)
    .filter(({ card }) =>
      isPending ? cards.has(card ?? "") : message.run_id === null || !isCardOfApproval(card),
    )
    .map((delivery) => toPlainText(JSON.parse(delivery.body) as RichText));
  return {
    handled: message.outcome === "answered" || message.outcome === "task",
    reply: texts.join("\n\n"),
    message_id: message.id,
    outcome: message.outcome,
    ...(message.reason === null ? {} : { reason: message.reason }),
    ...(waitsFor.length === 0
      ? {}
      : {
          waits_for: waitsFor.map(({ id, line }) => ({
            approval_id: id,
            line: ports.redact(line),
          })),
        }),
  };
}

/** What people must decide before a parked turn goes on: nobody knows for how long, so no request waits with it. */
async function openApprovals(
  store: Reader,
  { outcome, run_id: runId }: MessageRow,
): Promise<readonly ApprovalRow[]> {
  if (outcome !== "pending" || runId === null) return [];
  const run = await store.first(runRowById, { id: runId });
  if (run?.state !== "parked") return [];
  const approvals = await store.all(approvalsOfRun, { runId });
  return approvals.filter(({ state }) => state === "pending");
}
