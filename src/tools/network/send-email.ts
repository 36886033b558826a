import { z } from "zod";
import { LONGEST_SUBJECT, type MailHead, parseMailAddress } from "../../core/delivery/mail.ts";
import { queueMail } from "../../core/delivery/queue-mail.ts";
import { AppError } from "../../core/errors.ts";
import { newId } from "../../core/ids.ts";
import { p } from "../../core/rich-text/build.ts";
import type { RichText } from "../../core/rich-text/rich-text.ts";
import { runRowById } from "../../store/queries/runs.ts";
import { defineTool, type Tool } from "../tool.ts";

const MOST_RECIPIENTS = 10;
const LONGEST_BODY = 50_000;

/** No control, no other line, and nothing that makes it read in another order. */
const ONE_LINE = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+$/u;

const ADDRESS = z.string().transform((text, context) => {
  const address = parseMailAddress(text.trim());
  if (address !== undefined) return address;
  context.addIssue("not a plain mail address such as ada@example.com");
  return z.NEVER;
});
const INPUT = z
  .strictObject({
    to: z.array(ADDRESS).min(1),
    cc: z.array(ADDRESS).default([]),
    subject: z
      .string()
      .trim()
      .min(1)
      .max(LONGEST_SUBJECT)
      .refine((text) => ONE_LINE.test(text), "one line of text"),
    body: z.string().trim().min(1).max(LONGEST_BODY),
  })
  .refine(({ to, cc }) => to.length + cc.length <= MOST_RECIPIENTS, {
    error: `at most ${MOST_RECIPIENTS} recipients`,
  });
type Input = z.infer<typeof INPUT>;

export interface MailOut {
  /** Whom mail is from; `undefined`: none can be sent. */
  readonly from: string | undefined;
}

/** Sends mail, by the outbox: a delivery for each recipient, in the commit that ends the call. */
export function sendEmailTool({ from }: MailOut): Tool {
  return defineTool({
    name: "send_email",
    class: "network",
    description:
      "Sends a mail of plain text to up to ten addresses. It is queued; whether a server took it is told the person later.",
    input: INPUT,
    effect: "send",
    timeLimitMs: 10_000,
    sensitivityOf() {
      requireSender(from);
      return "outward";
    },
    describe: ({ to, cc, subject, body }) =>
      `Mail to ${to.join(", ")}${cc.length === 0 ? "" : `, cc ${cc.join(", ")}`}: ${subject} (${body.length} characters)`,
    async run(input, scene) {
      const run = await scene.store.first(runRowById, { id: scene.runId });
      if (run === undefined) throw new AppError("internal", "a mail is sent by no run");
      const head = headOf(input);
      const all = [...head.to, ...head.cc];
      const effects = queueMail({
        contextId: scene.contextId,
        from: requireSender(from),
        head,
        body: bodyOf(input.body),
        messageId: run.message_id,
        runId: run.id,
        taskId: run.task_id,
        now: scene.now,
      });
      return { text: `Queued for ${all.join(", ")}.`, effects };
    },
  });
}

function requireSender(from: string | undefined): string {
  if (from !== undefined) return from;
  throw new AppError(
    "unavailable",
    "No mail can be sent here: nobody has set AGENT_RUNTIME_SMTP_HOST.",
  );
}

/** Nobody is written to twice, whichever way their address is spelled. */
function headOf({ to, cc, subject }: Input): MailHead {
  const known = new Set<string>();
  const fresh = (address: string) => {
    const key = address.toLowerCase();
    if (known.has(key)) return false;
    known.add(key);
    return true;
  };
  return { id: newId("mail"), subject, to: to.filter(fresh), cc: cc.filter(fresh) };
}

/** Paragraphs as they were written; nothing in them is taken for markup. */
function bodyOf(text: string): RichText {
  return text
    .replace(/\r\n?/g, "\n")
    .split(/\n{2,}/)
    .map((paragraph) => p(paragraph));
}
