import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../core/errors.ts";
import { randomBase32 } from "../core/ids.ts";
import { openSecretFile } from "../store/files/secret-file.ts";

/** 32 characters of 5 bits. */
const TOKEN_LENGTH = 32;

/** The owner's key: the configured one, else that in `<dataDir>/admin-token` (0600), made on first use. */
export function openAdminToken(dataDir: string, configured: string | undefined): string {
  if (configured !== undefined) return configured;
  const file = join(dataDir, "admin-token");
  const token = openSecretFile(file, () => randomBase32(TOKEN_LENGTH));
  if (token.length < TOKEN_LENGTH / 2) {
    throw new AppError(
      "invalid_input",
      `${file} holds no usable token. Delete the file: the next start makes a new one.`,
    );
  }
  return token;
}

/** The same where it is there and this account may read it; makes none. */
export function readAdminToken(
  dataDir: string,
  configured: string | undefined,
): string | undefined {
  if (configured !== undefined) return configured;
  try {
    return readFileSync(join(dataDir, "admin-token"), "utf8").trim();
  } catch {
    return undefined;
  }
}
