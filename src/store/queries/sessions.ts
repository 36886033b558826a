import { statement } from "../statement.ts";
import { hasIdentity } from "./people.ts";

/** A session of the page with the user it speaks for. */
export const sessionByTokenHash = statement((db, p: { tokenHash: string }) =>
  db
    .selectFrom("sessions")
    .innerJoin("users", "users.id", "sessions.user_id")
    .select([
      "sessions.user_id",
      "sessions.expires_at_ms",
      "users.display_name",
      "users.role",
      "users.workspace_id",
    ])
    .where("sessions.token_hash", "=", p.tokenHash)
    .where(hasIdentity),
);

export const loginCodeByHash = statement((db, p: { codeHash: string }) =>
  db
    .selectFrom("login_codes")
    .innerJoin("users", "users.id", "login_codes.user_id")
    .select([
      "login_codes.user_id",
      "login_codes.used_at_ms",
      "login_codes.expires_at_ms",
      "users.display_name",
      "users.role",
      "users.version as user_version",
    ])
    .where("login_codes.code_hash", "=", p.codeHash)
    .where(hasIdentity),
);
