import { createBatchReceiver } from "../../src/app/receive-batch.ts";
import type { Actor } from "../../src/core/access/actor.ts";
import type { ModelRules } from "../../src/core/access/model-rules.ts";
import type { Role } from "../../src/core/access/role.ts";
import type { Decision } from "../../src/core/effect/commit.ts";
import { newId } from "../../src/core/ids.ts";
import type { ConnectorName, InboundMessage } from "../../src/core/message/inbound-message.ts";
import type { RichText } from "../../src/core/rich-text/rich-text.ts";
import { toPlainText } from "../../src/core/rich-text/to-plain-text.ts";
import type { SpendCaps } from "../../src/core/spend/spend-scope.ts";
import { createHandleMessageHandler } from "../../src/gateway/handle-message.ts";
import type { TriageRules } from "../../src/gateway/triage.ts";
import { ensureOwner } from "../../src/operations/ensure-owner.ts";
import type { ReceiveOptions } from "../../src/operations/receive-messages.ts";
import type { ModelDeps } from "../../src/operations/start-model.ts";
import { createSqliteEngine } from "../../src/orchestrator/engines/sqlite-engine.ts";
import type { ClaimedJob, JobHandler } from "../../src/orchestrator/job-handler.ts";
import { runJob } from "../../src/orchestrator/run-job.ts";
import { commitDecision } from "../../src/store/commit-decision.ts";
import { deliveriesOfMessage, deliveryById } from "../../src/store/queries/deliveries.ts";
import { type MessageRow, messageById } from "../../src/store/queries/messages.ts";
import { NO_CAPS } from "./no-caps.ts";
import { openTestStore } from "./open-test-store.ts";
import { OPEN_TO_ALL } from "./open-to-all.ts";

const BOT = "900100";

/** What makes a message one of a group. */
export function aGroup(externalId = "-123"): Partial<InboundMessage> {
  return {
    address: { connector: "telegram", account: BOT, externalId },
    chat: { kind: "group", title: "Team" },
  };
}

export interface Handled {
  readonly message: MessageRow;
  /** Plain text of each reply. */
  readonly replies: readonly string[];
  readonly bodies: readonly { readonly id: string; readonly body: RichText }[];
}

export type Gateway = Awaited<ReturnType<typeof openGateway>>;

/** The gateway on a real store and queue: messages go in, outcomes and replies come out; turns and tasks stay queued. */
export async function openGateway(
  options: {
    inboundMaxPerMinute?: number;
    modelRules?: Partial<ModelRules>;
    triage?: Partial<TriageRules>;
    /** Whether the bot is given all that is said in groups. */
    hearsGroups?: boolean;
    caps?: Partial<SpendCaps>;
    /** Of the operator, since the start. */
    changedFiles?: readonly string[];
  } = {},
) {
  const modelRules = { ...OPEN_TO_ALL, ...options.modelRules };
  const opened = await openTestStore();
  const { store, clock } = opened;
  const engine = createSqliteEngine(store, clock, newId("epoch"));
  const logged: { message: string; fields: Readonly<Record<string, unknown>> | undefined }[] = [];
  const log = {
    write: (_level: string, message: string, fields?: Readonly<Record<string, unknown>>) => {
      logged.push({ message, fields });
    },
  };
  const handler = createHandleMessageHandler({
    store,
    clock,
    config: { inboundMaxPerMinute: options.inboundMaxPerMinute ?? 0 },
    triage: { enabled: true, notifyAdmin: true, ...options.triage },
    channels: {
      list: () => [{ connector: "telegram", account: BOT, state: "running", message: "" }],
      botName: (connector) => (connector === "telegram" ? "helpful_bot" : undefined),
      hearsGroups: () => options.hearsGroups,
    },
    model: {
      name: () => "test model",
      spendRules: {
        caps: { ...NO_CAPS, ...options.caps },
        isPriced: (model) => model !== "unknown",
      },
    },
    extensions: { listChangedFiles: () => options.changedFiles ?? [] },
    modelRules,
    twoPersonClasses: [],
    log,
  });
  const handlers: Record<string, JobHandler> = {
    "handle-message": handler as unknown as JobHandler,
    deliver: deliverAtOnce(store) as unknown as JobHandler,
  };
  const receiveBatch = createBatchReceiver({ store, clock, log });
  let count = 0;

  async function commit<D extends Decision>(
    name: string,
    decide: (deps: ModelDeps) => Promise<D>,
  ): Promise<D> {
    return await commitDecision(
      { store, clock },
      { name, actor: "system", cause: newId("commit") },
      (now) => decide({ store, now, modelRules }),
    );
  }

  const owner = await commit("ensure-owner", ensureOwner);

  function start(job: ClaimedJob) {
    return runJob({ store, clock, random: () => 0, log }, handlers[job.kind], job);
  }

  /** Works until no message and no reply is due. */
  async function work(): Promise<void> {
    for (;;) {
      const [messages, replies] = await Promise.all([
        engine.claim("light", 50, clock.now()),
        engine.claim("outbound", 50, clock.now()),
      ]);
      const jobs = [...messages, ...replies];
      if (jobs.length === 0) return;
      await Promise.all(jobs.map((job) => start(job).done));
    }
  }

  async function receive(
    batch: readonly InboundMessage[],
    receiveOptions: Omit<ReceiveOptions, "firstId"> = {},
  ) {
    return { messages: await receiveBatch(batch, receiveOptions) };
  }

  async function handled(id: string): Promise<Handled> {
    const message = await store.first(messageById, { id });
    if (message === undefined) throw new Error(`no message ${id}`);
    const rows = await store.all(deliveriesOfMessage, { messageId: id });
    const bodies = rows.map((row) => ({ id: row.id, body: JSON.parse(row.body) as RichText }));
    return { message, bodies, replies: bodies.map(({ body }) => toPlainText(body)) };
  }

  /** Receives one message and works until it has gone as far as the gateway takes it. */
  async function say(
    text: string,
    message: Partial<InboundMessage> = {},
    receiveOptions: Omit<ReceiveOptions, "firstId"> = {},
  ): Promise<Handled> {
    const received = await receive([aMessage({ text, ...message })], receiveOptions);
    await work();
    return await handled(received.messages[0]?.id ?? "");
  }

  function aMessage(message: Partial<InboundMessage> = {}): InboundMessage {
    count += 1;
    return {
      address: { connector: "telegram", account: BOT, externalId: "7" },
      externalMessageId: `7:${count}`,
      kind: "message",
      chat: { kind: "private", title: "Ada" },
      sender: { externalUserId: "7", displayName: "Ada" },
      text: "hello",
      addressed: true,
      sentAtMs: clock.now(),
      ...message,
    };
  }

  /** Somebody who was let in before. */
  async function aPerson(role: Role, externalUserId = "7", connector: ConnectorName = "telegram") {
    const userId = newId("usr");
    const workspaceId = newId("ws");
    const identityId = newId("idn");
    await commit("test-person", async () => ({
      seen: [],
      effects: [
        { type: "create-workspace", id: workspaceId, name: role, ownerUserId: userId },
        { type: "create-user", id: userId, displayName: `The ${role}`, role, workspaceId },
        {
          type: "link-identity",
          id: identityId,
          userId,
          connector,
          externalUserId,
          displayName: `The ${role}`,
        },
      ],
    }));
    const actor: Actor = { id: identityId, userId, role, displayName: `The ${role}` };
    return { actor, userId, workspaceId, identityId };
  }

  const ownerActor: Actor = {
    id: owner.identityId,
    userId: owner.userId,
    role: "overlord",
    displayName: "Owner",
  };
  return {
    ...opened,
    engine,
    logged,
    owner,
    ownerActor,
    /** What an operation is given, now. */
    deps: (): ModelDeps => ({ store, now: clock.now(), modelRules }),
    aMessage,
    aPerson,
    commit,
    receive,
    work,
    start,
    say,
    handled,
  };
}

function deliverAtOnce(
  store: Awaited<ReturnType<typeof openTestStore>>["store"],
): JobHandler<"deliver"> {
  return {
    kind: "deliver",
    run: ({ job, settle }) =>
      settle(async () => {
        const { deliveryId } = job.payload;
        const delivery = await store.first(deliveryById, { id: deliveryId });
        if (delivery === undefined) throw new Error(`no delivery ${deliveryId}`);
        return {
          name: "deliver",
          actor: "system",
          seen: [],
          effects: [
            {
              type: "move-delivery",
              id: deliveryId,
              fromVersion: delivery.version,
              to: "sent",
              parts: "[]",
              partsSent: 1,
              receipts: JSON.stringify([`${delivery.external_id}:sent-${deliveryId}`]),
              marked: false,
              error: null,
            },
          ],
          settle: { kind: "done" },
        };
      }),
    onGiveUp: async () => ({ effects: [], seen: [] }),
  };
}
