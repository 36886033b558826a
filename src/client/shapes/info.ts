import { z } from "zod";

const channelState = z.object({
  connector: z.string(),
  account: z.string().describe("Empty before it has said who it is."),
  state: z.enum(["starting", "running", "degraded", "stopped", "disabled"]),
  message: z.string().describe("What is wrong and what to do about it; empty when nothing is."),
});

export const runtimeInfo = z
  .object({
    name: z.string(),
    version: z.string(),
    model: z.string(),
    channels: z.array(channelState),
    user: z.object({ id: z.string(), display_name: z.string(), role: z.string() }),
    started_at_unix: z.int(),
    started_at: z.iso.datetime(),
  })
  .meta({ id: "Info" });
export type RuntimeInfo = z.infer<typeof runtimeInfo>;

export const healthStatus = z.object({ status: z.literal("ok") }).meta({ id: "Health" });
export const readyStatus = z.object({ status: z.literal("ready") }).meta({ id: "Ready" });
export const notReadyStatus = z
  .object({ status: z.literal("not-ready"), reasons: z.array(z.string()) })
  .meta({ id: "NotReady" });
