import { BotApiError, badRequest } from "./bot-api-error.ts";

/** What a bot may fetch; Telegram gives out no larger files. */
const LARGEST_BYTES = 20 * 1024 * 1024;

/** A file as a message names it. */
interface StoredFile {
  readonly file_id: string;
  readonly file_unique_id: string;
  readonly file_name?: string;
  readonly file_size: number;
}

/** The files that people have sent, as `getFile` and the download after it give them out. */
export interface StoredFiles {
  /** `said` replaces what the message says of it, and `path` where `getFile` says it is. */
  add(
    bytes: Buffer,
    said?: Readonly<Record<string, unknown>>,
    getFile?: Readonly<Record<string, unknown>>,
  ): StoredFile;
  find(fileId: unknown): object;
  /** The bytes at a path, once `getFile` has named it. */
  read(path: string): Buffer;
}

export function createStoredFiles(): StoredFiles {
  const byId = new Map<string, { readonly bytes: Buffer; readonly answer: object }>();
  const opened = new Map<string, Buffer>();
  let count = 0;

  return {
    add(bytes, said = {}, getFile = {}) {
      count += 1;
      const file = {
        file_id: `BQACAgIAAxkBAAIB${count}`,
        file_unique_id: `AgADuniq${count}`,
        file_size: bytes.length,
      };
      const answer = { ...file, file_path: `documents/file_${count}`, ...getFile };
      byId.set(file.file_id, { bytes, answer });
      return { ...file, ...said };
    },
    find(fileId) {
      const file = byId.get(String(fileId));
      if (file === undefined) {
        throw badRequest("wrong file_id or the file is temporarily unavailable");
      }
      if (file.bytes.length > LARGEST_BYTES) throw badRequest("file is too big");
      opened.set(String((file.answer as { file_path?: unknown }).file_path), file.bytes);
      return file.answer;
    },
    read(path) {
      const bytes = opened.get(path);
      if (bytes === undefined) throw new BotApiError(404, "Not Found");
      return bytes;
    },
  };
}
