import type { EpochMs } from "../clock.ts";
import { newId } from "../ids.ts";
import { laneOf } from "../job/lanes.ts";
import type { RichText } from "../rich-text/rich-text.ts";
import type { MailHead } from "./mail.ts";
import { deliverJob, type QueueDelivery } from "./queue-reply.ts";

export interface NewMail {
  /** The conversation whose work sends it. */
  readonly contextId: string;
  /** The address it is from, which is the account of the channel. */
  readonly from: string;
  readonly head: MailHead;
  readonly body: RichText;
  readonly messageId: string | null;
  readonly runId: string;
  readonly taskId: string | null;
  readonly now: EpochMs;
}

/** The effects that send a mail: a delivery for each recipient, each with its own lane, so that none waits for another. */
export function queueMail(mail: NewMail): readonly QueueDelivery[] {
  return [...mail.head.to, ...mail.head.cc].map((recipient) => {
    const id = newId("dlv");
    return {
      type: "queue-delivery",
      id,
      contextId: mail.contextId,
      address: { connector: "email", account: mail.from, externalId: recipient },
      kind: "mail",
      body: mail.body,
      mail: mail.head,
      replyToExternalId: null,
      messageId: mail.messageId,
      runId: mail.runId,
      taskId: mail.taskId,
      job: { ...deliverJob(id, mail.contextId, mail.now), lane: laneOf.mail(id) },
    };
  });
}
