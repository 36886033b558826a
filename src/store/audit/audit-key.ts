import { randomBytes } from "node:crypto";
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
import { AppError } from "../../core/errors.ts";

const KEY_BYTES = 32;

/** The key of the audit chain, `<dataDir>/audit.key`, made on first use with mode 0600. */
export function openAuditKey(dataDir: string): Buffer {
  const file = join(dataDir, "audit.key");
  if (!existsSync(file)) {
    // Whole or not there: half a key would lock the owner out of their own record.
    const handle = openSync(`${file}.new`, "w", 0o600);
    writeSync(handle, `${randomBytes(KEY_BYTES).toString("hex")}\n`);
    fsyncSync(handle);
    closeSync(handle);
    renameSync(`${file}.new`, file);
  }
  const key = Buffer.from(readFileSync(file, "utf8").trim(), "hex");
  if (key.length !== KEY_BYTES) {
    throw new AppError(
      "invalid_input",
      `${file} is damaged: it must hold ${KEY_BYTES * 2} hexadecimal digits. Restore it from a backup.`,
    );
  }
  return key;
}
