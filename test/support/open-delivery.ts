import type {
  ChangeResult,
  OutboundSend,
  PartChange,
  PartResult,
  SendResult,
  SentMessage,
} from "../../src/core/delivery/outbound-part.ts";
import { queueDraft, queueReply, type ReplyContext } from "../../src/core/delivery/queue-reply.ts";
import type { Effect, EffectOf } from "../../src/core/effect/effect.ts";
import type { JobKind } from "../../src/core/job/job.ts";
import type { Address, ConnectorName } from "../../src/core/message/inbound-message.ts";
import type { RichText } from "../../src/core/rich-text/rich-text.ts";
import { createDeliverHandler } from "../../src/delivery/deliver.ts";
import type { Channel } from "../../src/delivery/ports.ts";
import { telegramFormat } from "../../src/delivery/render/telegram.ts";
import { createSqliteEngine } from "../../src/orchestrator/engines/sqlite-engine.ts";
import type { JobHandler } from "../../src/orchestrator/job-handler.ts";
import { type RunningJob, runJob } from "../../src/orchestrator/run-job.ts";
import { type DeliveryRow, deliveryById } from "../../src/store/queries/deliveries.ts";
import { jobById } from "../../src/store/queries/jobs.ts";
import { openTestStore } from "./open-test-store.ts";

export const SENT: SendResult = { kind: "sent", externalMessageId: "" };
const CHAT: ReplyContext = {
  id: "ctx_chat",
  connector: "telegram",
  account: "77",
  external_id: "1001",
};

type Answer = SendResult | ((message: OutboundSend) => SendResult | Promise<SendResult>);

/** The deliver handler on a real store and queue, before a platform that answers what it is told to. */
export async function openDelivery(
  random: () => number = () => 0,
  others: ReadonlyMap<ConnectorName, Channel> = new Map(),
) {
  const opened = await openTestStore();
  const { store, clock } = opened;
  const log = { write: () => undefined };
  /** What the platform was asked to send, and what it answers next; then it takes everything. */
  const sends: OutboundSend[] = [];
  const answers: Answer[] = [];
  /** What of the sent the platform was asked to change or take away, and what it answers next; then it does. */
  const changes: PartChange[] = [];
  const removed: string[] = [];
  const changeAnswers: (PartResult | (() => Promise<PartResult>))[] = [];
  /** When the next sends may go out; then at once. */
  const slots: number[] = [];

  async function nextChange(): Promise<PartResult> {
    const answer = changeAnswers.shift() ?? { kind: "done" };
    return typeof answer === "function" ? await answer() : answer;
  }

  const sender = {
    async send(message: OutboundSend): Promise<SendResult> {
      sends.push(message);
      const number = sends.length;
      const answer = answers.shift() ?? SENT;
      const result = typeof answer === "function" ? await answer(message) : answer;
      return result.kind === "sent" ? { ...result, externalMessageId: `1001:${number}` } : result;
    },
    changeButtons: async () => ({ kind: "done" }) as const,
    edits: {
      async replace(change: PartChange): Promise<PartResult> {
        changes.push(change);
        return await nextChange();
      },
      async remove({ externalMessageId }: SentMessage): Promise<ChangeResult> {
        removed.push(externalMessageId);
        const answer = await nextChange();
        return answer.kind === "bad_format" ? { kind: "done" } : answer;
      },
      takeSpareSlot: () => true,
    },
    reserveSlot: () => slots.shift() ?? 0,
  };

  const channel = { account: "77", format: telegramFormat, sender };

  function startProcess(epoch: number) {
    return {
      epoch,
      engine: createSqliteEngine(store, clock, `epoch_${epoch}`),
      handler: createDeliverHandler({
        store,
        clock,
        random,
        log,
        channels: new Map<ConnectorName, Channel>([["telegram", channel], ...others]),
      }),
    };
  }
  let alive = startProcess(1);

  async function commit(effects: readonly Effect[]): Promise<void> {
    const step = { name: "test", actor: "system", cause: "test" };
    const result = await store.commit({ ...step, now: clock.now(), effects });
    if (result !== "committed") throw new Error(`not committed: ${JSON.stringify(result)}`);
  }
  await commit([
    { type: "create-workspace", id: "ws_chat", name: "Chat", ownerUserId: null },
    aContext("ctx_chat", "ws_chat", { connector: "telegram", account: "77", externalId: "1001" }),
  ]);

  async function start(): Promise<RunningJob> {
    const [job] = await alive.engine.claim("outbound", 1, clock.now());
    if (job === undefined) throw new Error("nothing to do");
    const handler = alive.handler as unknown as JobHandler<JobKind>;
    return runJob({ store, clock, random: () => 0, log }, handler, job);
  }

  return {
    ...opened,
    channel,
    sends,
    answers,
    changes,
    removed,
    changeAnswers,
    slots,
    commit,
    start,
    run: async () => (await start()).done,
    /** The process dies and another one begins: nothing is left but the store. */
    async restart() {
      alive = startProcess(alive.epoch + 1);
      await alive.engine.reclaim(clock.now());
    },
    async queue(
      body: RichText,
      context = CHAT,
      of: {
        readonly messageId?: string;
        readonly taskId?: string;
        readonly runId?: string;
        readonly card?: string;
        readonly isDraft?: true;
      } = {},
    ) {
      const queue = of.isDraft === true ? queueDraft : queueReply;
      const effect = queue({
        context,
        body,
        messageId: of.messageId ?? null,
        runId: of.runId ?? null,
        taskId: of.taskId ?? null,
        card: of.card,
        replyToExternalId: "1001:5",
        now: clock.now(),
      });
      await commit([effect]);
      return { id: effect.id, jobId: effect.job?.id ?? "" };
    },
    async row(id: string): Promise<DeliveryRow> {
      const found = await store.first(deliveryById, { id });
      if (found === undefined) throw new Error("no such delivery");
      return found;
    },
    job: (id: string) => store.first(jobById, { id }),
    texts: () =>
      sends.map(({ part, format }) => (format === "plain" ? part.plain : part.formatted)),
  };
}
export type OpenDelivery = Awaited<ReturnType<typeof openDelivery>>;

export function aContext(
  id: string,
  workspaceId: string,
  address: Address,
): EffectOf<"create-context"> {
  return { type: "create-context", id, workspaceId, address, kind: "private", title: "Ada" };
}
