import { z } from "zod";

export const receivedFile = z
  .object({
    id: z.string(),
    kind: z.string().describe("document, photo, voice, audio, video, video note or animation."),
    name: z.string().describe("As its sender called it; empty when it has no name."),
    state: z.enum(["waiting", "saved", "failed"]),
    reason: z.string().describe("Why it is not there; empty unless it failed."),
    path: z.string().describe("Within the workspace; empty unless it is saved."),
    media_type: z.string().describe("By its bytes, whatever was declared."),
    size_bytes: z.int(),
    sha256: z.string(),
  })
  .meta({ id: "ReceivedFile" });
export type ReceivedFile = z.infer<typeof receivedFile>;
