import { z } from "zod";
import { ROLES } from "../../core/access/role.ts";
import { label, labelOrNothing, visibleName } from "./text-field.ts";

const LONGEST_SECONDS = 600;

const token = label.describe(
  "The code that the person was shown. Capitals and hyphens do not matter.",
);
const approverUserId = label
  .optional()
  .describe("Whoever calls decides; when it is given it must be them.");

export const pairingView = z
  .object({
    id: z.string(),
    token_hint: z.string().describe("A few characters of the code, to tell requests apart."),
    connector: z.string(),
    connector_user_id: z.string().describe("Who asks, as the platform vouches for it."),
    display_name: z.string().describe("What they call themselves: no proof of anything."),
    status: z.enum(["pending", "approved", "denied", "expired"]),
    approved_user_id: z.string(),
    approver_user_id: z.string().describe("Who decided; empty while nobody has."),
    denied_reason: z.string(),
    expired_reason: z.string().describe("Why a code ended that nobody used; else empty."),
    created_at_unix: z.int(),
    created_at: z.iso.datetime(),
    expires_at_unix: z.int(),
    expires_at: z.iso.datetime(),
  })
  .meta({ id: "Pairing" });
export type PairingView = z.infer<typeof pairingView>;

export const pairingsQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: label.optional().describe("`next_cursor` of the page before."),
});
export type PairingsQuery = z.input<typeof pairingsQuery>;

export const pairingPage = z
  .object({
    items: z.array(pairingView).describe("Pending requests, oldest first."),
    count: z.int().describe("How many items this page holds."),
    next_cursor: z.string().nullable().describe("Null on the last page."),
  })
  .meta({ id: "PairingPage" });
export type PairingPage = z.infer<typeof pairingPage>;

export const pairingQuery = z.strictObject({ token });

export const startPairingRequest = z
  .strictObject({
    connector: z.enum(["telegram", "discord"]),
    connector_user_id: label.describe("The number the platform knows them by, not a name."),
    display_name: visibleName,
    expires_in_sec: z.int().min(1).max(LONGEST_SECONDS).default(LONGEST_SECONDS),
  })
  .meta({ id: "StartPairingRequest" });
export type StartPairingRequest = z.input<typeof startPairingRequest>;

export const startedPairing = pairingView
  .extend({ token: z.string().describe("Shown this once.") })
  .meta({ id: "StartedPairing" });
export type StartedPairingView = z.infer<typeof startedPairing>;

export const pairingLink = z
  .object({
    url: z.url().describe("Not for a log: whoever opens it first is the owner there."),
    expires_at_unix: z.int(),
    expires_at: z.iso.datetime(),
  })
  .meta({ id: "PairingLink" });
export type PairingLink = z.infer<typeof pairingLink>;

export const approvePairingRequest = z
  .strictObject({
    token,
    role: z.enum(ROLES).optional().describe("Default member; never above your own."),
    target_user_id: label
      .optional()
      .describe("A user there is, who the person is; takes the permission manage:access."),
    approver_user_id: approverUserId,
  })
  .meta({ id: "ApprovePairingRequest" });
export type ApprovePairingRequest = z.input<typeof approvePairingRequest>;

export const denyPairingRequest = z
  .strictObject({
    token,
    reason: labelOrNothing
      .default("")
      .describe("Told to the person, and kept in the record; there need be none."),
    approver_user_id: approverUserId,
  })
  .meta({ id: "DenyPairingRequest" });
export type DenyPairingRequest = z.input<typeof denyPairingRequest>;

const decided = {
  id: z.string(),
  approver_user_id: z.string(),
  connector: z.string(),
  connector_user_id: z.string(),
  display_name: z.string(),
};

export const approvedPairing = z
  .object({
    ...decided,
    status: z.literal("approved"),
    approved_user_id: z.string(),
    identity_id: z.string(),
    role: z.enum(ROLES),
  })
  .meta({ id: "ApprovedPairing" });
export type ApprovedPairingView = z.infer<typeof approvedPairing>;

export const deniedPairing = z
  .object({ ...decided, status: z.literal("denied"), denied_reason: z.string() })
  .meta({ id: "DeniedPairing" });
export type DeniedPairingView = z.infer<typeof deniedPairing>;
