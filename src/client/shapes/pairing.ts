import { z } from "zod";
import { ROLES } from "../../core/access/role.ts";
import { label } from "./text-field.ts";

const pairingView = z
  .object({
    id: z.string(),
    token_hint: z.string().describe("A few characters of the code, to tell requests apart."),
    connector: z.string(),
    connector_user_id: z.string(),
    display_name: z.string(),
    status: z.enum(["pending", "approved", "denied", "expired"]),
    expires_at_unix: z.int(),
    expires_at: z.iso.datetime(),
  })
  .meta({ id: "Pairing" });
export type PairingView = z.infer<typeof pairingView>;

export const pairingList = z
  .object({
    items: z.array(pairingView).describe("Pending requests, oldest first."),
    count: z.int(),
  })
  .meta({ id: "PairingList" });
export type PairingList = z.infer<typeof pairingList>;

export const pairingLink = z
  .object({
    url: z.url().describe("Not for a log: whoever opens it first is the owner there."),
    expires_at_unix: z.int(),
    expires_at: z.iso.datetime(),
  })
  .meta({ id: "PairingLink" });
export type PairingLink = z.infer<typeof pairingLink>;

export const approvePairingRequest = z
  .strictObject({ code: label, role: z.enum(ROLES).default("member") })
  .meta({ id: "ApprovePairingRequest" });
export type ApprovePairingRequest = z.input<typeof approvePairingRequest>;

export const denyPairingRequest = z
  .strictObject({ code: label, reason: label.default("denied") })
  .meta({ id: "DenyPairingRequest" });
export type DenyPairingRequest = z.input<typeof denyPairingRequest>;

export const decidedPairing = z
  .object({
    id: z.string(),
    status: z.enum(["approved", "denied"]),
    display_name: z.string(),
    role: z.string(),
  })
  .meta({ id: "DecidedPairing" });
export type DecidedPairing = z.infer<typeof decidedPairing>;
