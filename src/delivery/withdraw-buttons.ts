import { SYSTEM_ACTOR } from "../core/access/actor.ts";
import { parseButtonData } from "../core/delivery/button-data.ts";
import type { ChangeResult, OutboundPart } from "../core/delivery/outbound-part.ts";
import type { Settle } from "../core/job/job.ts";
import type { JobContext, JobHandler } from "../orchestrator/job-handler.ts";
import { usedButtons } from "../store/queries/button-uses.ts";
import { type DeliveryRow, deliveryById } from "../store/queries/deliveries.ts";
import type { DeliverDeps } from "./delivery-run.ts";
import { offlineWaitMs } from "./offline-wait.ts";
import type { Channel } from "./ports.ts";
import { createSendPace, type SendPace } from "./send-pace.ts";

const WAIT_MS = 1_000;
/** A button that is still shown after a day hurts nobody: its second press does nothing. */
const LIMIT_MS = 24 * 60 * 60_000;

type Deps = Pick<DeliverDeps, "store" | "clock" | "channels" | "random" | "log">;
type Context = JobContext<"withdraw-buttons">;

/** Takes the buttons that were used, or can do nothing, off what was sent; the others stay. Doing it twice changes nothing. */
export function createWithdrawButtonsHandler(deps: Deps): JobHandler<"withdraw-buttons"> {
  const pace = createSendPace();
  return {
    kind: "withdraw-buttons",
    async run(context) {
      const { deliveryId } = context.job.payload;
      const row = await deps.store.first(deliveryById, { id: deliveryId });
      const channel = row === undefined ? undefined : deps.channels.get(row.connector);
      if (row === undefined || channel?.account !== row.account) {
        return end(context, { kind: "discard", reason: "its channel is not connected" });
      }
      return end(context, await withdraw({ ...deps, pace }, context, row, channel));
    },
    onGiveUp: async () => ({ effects: [], seen: [] }),
  };
}

async function withdraw(
  deps: Deps & { readonly pace: SendPace },
  context: Context,
  row: DeliveryRow,
  channel: Channel,
): Promise<Settle> {
  const { clock, store, pace } = deps;
  const parts: readonly OutboundPart[] = JSON.parse(row.parts ?? "[]");
  const receipts: readonly string[] = JSON.parse(row.receipts);
  const externalMessageId = receipts[parts.length - 1];
  if (channel.sender.changeButtons === undefined) return { kind: "done" };
  // A press can be quicker than the commit that says what it stands under was sent.
  if (externalMessageId === undefined) return later(deps, row, WAIT_MS);
  const waitMs = pace.waitMs(row.id, row.external_id, channel.sender, clock.monotonicMs());
  if (waitMs > 0) return later(deps, row, waitMs);
  const used = await store.all(usedButtons, { deliveryId: row.id });
  const { pointlessIndex } = context.job.payload;
  const gone = new Set([...used.map(({ button_index: index }) => index), pointlessIndex]);
  const buttons = (parts.at(-1)?.buttons ?? [])
    .map((line) => line.filter(({ data }) => !gone.has(parseButtonData(data)?.index ?? -1)))
    .filter((line) => line.length > 0);
  const { connector, account, external_id: externalId } = row;
  const result = await channel.sender.changeButtons(
    { to: { connector, account, externalId }, externalMessageId, buttons },
    context.signal,
  );
  context.signal.throwIfAborted();
  return afterChange(deps, row, result);
}

function afterChange(deps: Deps, row: DeliveryRow, result: ChangeResult): Settle {
  if (result.kind === "done") return { kind: "done" };
  deps.log.write("warn", "buttons not taken off", {
    deliveryId: row.id,
    connector: row.connector,
    error: result.error,
  });
  if (result.kind === "rejected") return { kind: "discard", reason: result.error };
  const ageMs = deps.clock.now() - row.updated_at_ms;
  const askedMs = result.kind === "not_done" ? result.retryAfterMs : undefined;
  return later(deps, row, askedMs ?? offlineWaitMs(ageMs, deps.random()));
}

function later({ clock }: Deps, row: DeliveryRow, waitMs: number): Settle {
  const now = clock.now();
  if (now - row.updated_at_ms > LIMIT_MS) return { kind: "discard", reason: "not within a day" };
  return { kind: "snooze", untilMs: now + Math.ceil(waitMs) };
}

function end(context: Context, settle: Settle): Promise<void> {
  return context.settle(async () => ({
    name: "withdraw-buttons",
    actor: SYSTEM_ACTOR.id,
    effects: [],
    seen: [],
    settle,
  }));
}
