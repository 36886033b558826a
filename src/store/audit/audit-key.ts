import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { AppError } from "../../core/errors.ts";
import { openSecretFile } from "../files/secret-file.ts";

const KEY_BYTES = 32;

/** The key of the audit chain, `<dataDir>/audit.key`, made on first use with mode 0600. */
export function openAuditKey(dataDir: string): Buffer {
  const file = join(dataDir, "audit.key");
  const key = Buffer.from(
    openSecretFile(file, () => randomBytes(KEY_BYTES).toString("hex")),
    "hex",
  );
  if (key.length !== KEY_BYTES) {
    throw new AppError(
      "invalid_input",
      `${file} is damaged: it must hold ${KEY_BYTES * 2} hexadecimal digits. Restore it from a backup.`,
    );
  }
  return key;
}
