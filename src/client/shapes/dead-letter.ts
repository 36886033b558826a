import { z } from "zod";
import { JOB_KINDS } from "../../core/job/job.ts";
import { label } from "./text-field.ts";

const deadLetterView = z
  .object({
    id: z.string().describe("The id of the job."),
    kind: z.enum(JOB_KINDS),
    about: z
      .string()
      .describe("The delivery, task, run or message it worked on; empty when there is none."),
    error: z.string(),
    attempts: z.int(),
    interruptions: z.int(),
    can_replay: z.boolean().describe("False: doing it again would do nothing."),
    can_drop: z.boolean().describe("False: something still waits for it."),
    advice: z.string().describe("What to do."),
    created_at_unix: z.int(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: "DeadLetter", description: "Work that was given up and kept." });
export type DeadLetterView = z.infer<typeof deadLetterView>;

export const deadLetterQuery = z.strictObject({
  kind: z.enum(JOB_KINDS).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: label.optional().describe("`next_cursor` of the page before."),
});
export type DeadLetterQuery = z.input<typeof deadLetterQuery>;

export const deadLetterPage = z
  .object({
    items: z.array(deadLetterView).describe("Newest first."),
    count: z.int().describe("How many items this page holds."),
    next_cursor: z.string().nullable().describe("Null on the last page."),
  })
  .meta({ id: "DeadLetterPage" });
export type DeadLetterPage = z.infer<typeof deadLetterPage>;

const jobId = label.describe("The id, or a unique tail of 6 characters or more.");

export const replayDeadLetterRequest = z
  .strictObject({ job_id: jobId })
  .meta({ id: "ReplayDeadLetterRequest" });

export const dropDeadLetterRequest = z
  .strictObject({
    job_id: jobId,
    reason: label.default("not needed").describe("Goes to the delivery, when it is one."),
  })
  .meta({ id: "DropDeadLetterRequest" });
export type DropDeadLetterRequest = z.input<typeof dropDeadLetterRequest>;

export const movedDeadLetter = z
  .object({ job_id: z.string(), kind: z.enum(JOB_KINDS), status: z.enum(["queued", "dropped"]) })
  .meta({ id: "MovedDeadLetter" });
export type MovedDeadLetter = z.infer<typeof movedDeadLetter>;
