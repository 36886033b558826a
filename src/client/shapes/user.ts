import { z } from "zod";
import { ROLES } from "../../core/access/role.ts";
import { label } from "./text-field.ts";

const identityView = z
  .object({
    id: z.string(),
    connector: z.string(),
    connector_user_id: z.string(),
    display_name: z.string(),
    created_at_unix: z.int(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: "Identity", description: "An account somebody is known by." });

const userView = z
  .object({
    id: z.string(),
    display_name: z.string(),
    role: z.enum(ROLES),
    identities: z.array(identityView),
    created_at_unix: z.int(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: "User" });
export type UserView = z.infer<typeof userView>;

export const userQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: label.optional().describe("`next_cursor` of the page before."),
});
export type UserQuery = z.input<typeof userQuery>;

export const userPage = z
  .object({
    items: z.array(userView),
    count: z.int().describe("How many items this page holds."),
    next_cursor: z.string().nullable().describe("Null on the last page."),
  })
  .meta({ id: "UserPage" });
export type UserPage = z.infer<typeof userPage>;

export const changeRoleRequest = z
  .strictObject({
    user_id: label.describe("The id, or a unique tail of 6 characters or more."),
    role: z.enum(ROLES),
  })
  .meta({ id: "ChangeRoleRequest" });
export type ChangeRoleRequest = z.infer<typeof changeRoleRequest>;

export const changedRole = z
  .object({
    user_id: z.string(),
    display_name: z.string(),
    identities: z.array(identityView),
    role: z.enum(ROLES),
  })
  .meta({ id: "ChangedRole" });
export type ChangedRole = z.infer<typeof changedRole>;

export const unlinkIdentityRequest = z
  .strictObject({
    identity_id: label.describe("The id of the account, or a unique tail of 6 characters or more."),
  })
  .meta({ id: "UnlinkIdentityRequest" });

export const unlinkedIdentity = z
  .object({
    identity_id: z.string(),
    connector: z.string(),
    connector_user_id: z.string(),
    display_name: z.string(),
  })
  .meta({ id: "UnlinkedIdentity" });
export type UnlinkedIdentity = z.infer<typeof unlinkedIdentity>;
