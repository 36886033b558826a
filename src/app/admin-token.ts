import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { AppError } from "../core/errors.ts";
import { randomBase32 } from "../core/ids.ts";

/** 32 characters of 5 bits. */
const TOKEN_LENGTH = 32;

/** The owner's key: the configured one, else that in `<dataDir>/admin-token` (0600), made on first use. */
export function openAdminToken(dataDir: string, configured: string | undefined): string {
  if (configured !== undefined) return configured;
  const file = join(dataDir, "admin-token");
  if (!existsSync(file)) {
    const handle = openSync(`${file}.new`, "w", 0o600);
    writeSync(handle, `${randomBase32(TOKEN_LENGTH)}\n`);
    fsyncSync(handle);
    closeSync(handle);
    renameSync(`${file}.new`, file);
  }
  const token = readFileSync(file, "utf8").trim();
  if (token.length < TOKEN_LENGTH / 2) {
    throw new AppError(
      "invalid_input",
      `${file} holds no usable token. Delete the file: the next start makes a new one.`,
    );
  }
  return token;
}
