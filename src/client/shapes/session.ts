import { z } from "zod";

export const openSessionRequest = z
  .strictObject({ code: z.string().min(1).max(200).describe("The one-time code of a login link.") })
  .meta({ id: "OpenSessionRequest" });

export const openedSession = z
  .object({
    user: z.object({ id: z.string(), display_name: z.string(), role: z.string() }),
    expires_at_unix: z.int(),
    expires_at: z.iso.datetime(),
  })
  .meta({ id: "Session" });
export type OpenedSession = z.infer<typeof openedSession>;

export const createdLoginCode = z
  .object({
    code: z.string(),
    url: z.string().describe("Open it in a browser; it works once."),
    expires_at_unix: z.int(),
    expires_at: z.iso.datetime(),
  })
  .meta({ id: "LoginCode" });
export type CreatedLoginCode = z.infer<typeof createdLoginCode>;
