import { z } from "zod";

const microUsd = z.int().describe("In millionths of a US dollar.");

const spendSum = {
  calls: z.int(),
  input_tokens: z.int(),
  output_tokens: z.int(),
  spent_micro_usd: microUsd,
};

const capUse = z.object({
  of: z.enum(["day", "work", "user", "key", "workspace"]).describe("What it is a cap of."),
  spent_micro_usd: microUsd,
  reserved_micro_usd: z.int().describe("Put aside in it for calls under way."),
  cap_micro_usd: z.int().nullable().describe("Null: there is no cap."),
  raised_micro_usd: z.int().describe("What people have allowed on top of the cap."),
});

export const spendReport = z
  .object({
    day: z.iso.date().describe("Days are those of UTC."),
    of: z
      .enum(["all", "own", "workspace", "conversation"])
      .describe("Whose calls these are: everybody's for admins, one's own for others."),
    spent_micro_usd: microUsd,
    calls: z.int(),
    reserved_micro_usd: z.int().describe("Put aside at this moment for calls under way."),
    caps: z.array(capUse),
    run_cap_micro_usd: z
      .int()
      .nullable()
      .describe("Of one answer or one task, over its restarts; null: there is none."),
    work: z
      .array(
        z.object({
          id: z.string().describe("A task, or the run of an answer."),
          title: z.string().describe("Of a task; of an answer that of its conversation."),
          is_task: z.boolean(),
          calls: z.int(),
          spent_micro_usd: microUsd,
        }),
      )
      .describe("The ten dearest."),
    has_more_work: z.boolean(),
    purposes: z.array(z.object({ purpose: z.string(), ...spendSum })),
    models: z.array(
      z.object({
        model: z.string(),
        is_priced: z
          .boolean()
          .describe("False: nobody listed its price, and it is counted at its provider's dearest."),
        ...spendSum,
      }),
    ),
    people: z
      .array(
        z.object({
          user_id: z.string().describe("Empty for work that nobody asked for."),
          display_name: z.string(),
          ...spendSum,
        }),
      )
      .describe("The twenty dearest, keys among them; for admins alone."),
  })
  .meta({ id: "Spend", description: "What was spent on models today." });
export type SpendReport = z.infer<typeof spendReport>;
