import { z } from "zod";
import { ROLES } from "../../core/access/role.ts";
import { label, visibleName } from "./text-field.ts";

const keyView = z
  .object({
    id: z.string(),
    name: z.string(),
    role: z.enum(ROLES),
    prefix: z.string().describe("How the key begins, to tell it from others."),
    status: z.enum(["active", "revoked"]),
    created_by: z.string().describe("The identity that made it."),
    created_at_unix: z.int(),
    created_at: z.iso.datetime(),
    last_used_at_unix: z.int().describe("Within the hour; 0 when it was never used."),
    last_used_at: z.iso.datetime().nullable(),
    revoked_at_unix: z.int(),
    revoked_at: z.iso.datetime().nullable(),
  })
  .meta({ id: "Key", description: "A key of the API, without its secret." });
export type KeyView = z.infer<typeof keyView>;

export const keyQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: label.optional().describe("`next_cursor` of the page before."),
});
export type KeyQuery = z.input<typeof keyQuery>;

export const keyPage = z
  .object({
    items: z.array(keyView).describe("Newest first."),
    count: z.int().describe("How many items this page holds."),
    next_cursor: z.string().nullable().describe("Null on the last page."),
  })
  .meta({ id: "KeyPage" });
export type KeyPage = z.infer<typeof keyPage>;

export const createKeyRequest = z
  .strictObject({ name: visibleName, role: z.enum(ROLES) })
  .meta({ id: "CreateKeyRequest" });
export type CreateKeyRequest = z.infer<typeof createKeyRequest>;

export const createdKey = z
  .object({
    id: z.string(),
    key: z.string().describe("The secret. Shown this once; only its hash is kept."),
    prefix: z.string(),
    name: z.string(),
    role: z.enum(ROLES),
  })
  .meta({ id: "CreatedKey" });
export type CreatedKey = z.infer<typeof createdKey>;

export const revokeKeyRequest = z
  .strictObject({ key_id: label.describe("The id, or a unique tail of 6 characters or more.") })
  .meta({ id: "RevokeKeyRequest" });

export const revokedKey = z
  .object({ id: z.string(), prefix: z.string(), name: z.string() })
  .meta({ id: "RevokedKey" });
export type RevokedKey = z.infer<typeof revokedKey>;
