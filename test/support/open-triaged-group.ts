import type { ContextSettings } from "../../src/core/effect/context-effect.ts";
import { laneOf } from "../../src/core/job/lanes.ts";
import type { InboundMessage } from "../../src/core/message/inbound-message.ts";
import { listButtons } from "../../src/core/rich-text/list-buttons.ts";
import type { RichText } from "../../src/core/rich-text/rich-text.ts";
import { toPlainText } from "../../src/core/rich-text/to-plain-text.ts";
import { changeContext } from "../../src/operations/change-context.ts";
import { contextByAddress } from "../../src/store/queries/contexts.ts";
import { jobsOfLane } from "../../src/store/queries/jobs.ts";
import { taskById } from "../../src/store/queries/tasks.ts";
import { aGroup, type Handled, openGateway } from "./open-gateway.ts";

/** Somebody nobody let in. */
export const EVE = { sender: { externalUserId: "99", displayName: "Eve" } };

export type TriagedGroup = Awaited<ReturnType<typeof openTriagedGroup>>;

/** A gateway with a group that opted in to triage. */
export async function openTriagedGroup(options: Parameters<typeof openGateway>[0] = {}) {
  const gateway = await openGateway(options);

  async function contextAt(externalId: string) {
    const address = { connector: "telegram", account: "900100", externalId } as const;
    const row = await gateway.store.first(contextByAddress, address);
    if (row === undefined) throw new Error(`no conversation ${externalId}`);
    return row;
  }

  async function set(externalId: string, change: Partial<ContextSettings>): Promise<void> {
    const row = await contextAt(externalId);
    await gateway.commit("test", async () => ({ seen: [], effects: [changeContext(row, change)] }));
  }

  /** What is said in the group and not to us. */
  function overhear(text: string, more: Partial<InboundMessage> = {}): Promise<Handled> {
    return gateway.say(text, { ...aGroup(), addressed: false, ...more });
  }

  async function taskOf({ message }: Handled) {
    const task = await gateway.store.first(taskById, { id: message.task_id ?? "" });
    if (task === undefined) throw new Error(`no task of "${message.text}"`);
    const jobs = await gateway.store.all(jobsOfLane, { lane: laneOf.task(task.id) });
    return { ...task, jobs };
  }

  /** What admins were told of the task, newest first. */
  async function announcements({ message }: Handled) {
    const rows = await gateway.store.list((db) =>
      db
        .selectFrom("deliveries")
        .select(["id", "body"])
        .where("task_id", "=", message.task_id)
        .where("message_id", "is", null)
        .orderBy("seq", "desc"),
    );
    return rows.map(({ id, body: json }) => {
      const body = JSON.parse(json) as RichText;
      return { id, body, text: toPlainText(body), buttons: listButtons(body) };
    });
  }

  await overhear("hello", EVE);
  await set("-123", { isTriaged: true });
  return { ...gateway, contextAt, set, overhear, taskOf, announcements };
}
