import { createHash } from "node:crypto";
import {
  constants,
  type FileHandle,
  lstat,
  mkdir,
  open,
  realpath,
  rename,
  rm,
} from "node:fs/promises";
import { join } from "node:path";
import { type EpochMs, toIso } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";
import { extensionOf, safeFileName } from "../core/message/file-name.ts";
import { type FileKind, LARGEST_FILE_BYTES } from "../core/message/inbound-file.ts";
import { HEAD_BYTES, sniffFileType } from "../core/message/sniff-file-type.ts";
import { syncDirectory } from "../tools/filesystem/replace-file.ts";

/** It is longer than a file may be. */
export class FileTooLargeError extends AppError {
  constructor() {
    super("too_large", "the file is larger than 20 MB");
  }
}

export interface KeptFile {
  /** Within the workspace: `inbox/YYYY/MM/DD/<beginning of its hash>-<name>`. */
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly mediaType: string;
}

/** A file while it comes in; nobody sees it by its name before all of it is on the disk. */
export interface IncomingFile {
  /** @throws FileTooLargeError */
  take(bytes: Uint8Array): Promise<void>;
  /** Names it by its bytes, durable when it settles. The same bytes of the same day have the same path. */
  keep(file: { readonly name: string | null; readonly kind: FileKind }): Promise<KeptFile>;
  /** Leaves nothing of it behind. */
  discard(): Promise<void>;
}

const HASH_CHARACTERS = 16;
/** What no text has in it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is they that tell.
const BINARY = /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f\u007f]/u;

interface Place {
  readonly id: string;
  readonly atMs: EpochMs;
}

/**
 * Begins a file in the inbox of a workspace, under a temporary name that only `id` has: what an attempt that died has
 * left there is replaced. Never follows a link out of the workspace.
 */
export async function openIncomingFile(
  workspace: string,
  { id, atMs }: Place,
): Promise<IncomingFile> {
  const names = inboxOf(atMs);
  const directory = await innerDirectory(workspace, names);
  const temporary = join(directory, temporaryName(id));
  await rm(temporary, { force: true });
  const file = await openNewFile(temporary);
  const bytesSeen = createBytesSeen();

  return {
    async take(bytes) {
      bytesSeen.add(bytes);
      if (bytesSeen.size() > LARGEST_FILE_BYTES) throw new FileTooLargeError();
      await file.appendFile(bytes);
    },
    async keep({ name, kind }) {
      await file.sync();
      await file.close();
      const { head, isText, sha256 } = bytesSeen.end();
      const type = sniffFileType({ head, isText, extension: extensionOf(name) });
      const safe = safeFileName(name, kind, type.extension);
      const called = `${sha256.slice(0, HASH_CHARACTERS)}-${safe}`;
      await rename(temporary, join(directory, called));
      await syncDirectory(directory);
      return {
        path: [...names, called].join("/"),
        sha256,
        sizeBytes: bytesSeen.size(),
        mediaType: type.mediaType,
      };
    },
    async discard() {
      await closeQuietly(file);
      await rm(temporary, { force: true });
    },
  };
}

/** Opens what is not there yet. Somebody may have put a file or a link there since it was looked at: that is refused. */
export async function openNewFile(path: string): Promise<FileHandle> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  return await open(path, flags, 0o600);
}

/** Removes what an attempt that died has left of a file that nobody will begin again. */
export async function removeIncomingFile(workspace: string, { id, atMs }: Place): Promise<void> {
  try {
    const inner = join(await realpath(workspace), ...inboxOf(atMs));
    if ((await realpath(inner)) === inner) await rm(join(inner, temporaryName(id)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

function inboxOf(atMs: EpochMs): readonly string[] {
  return ["inbox", ...toIso(atMs).slice(0, 10).split("-")];
}

function temporaryName(id: string): string {
  return `.${id}.part`;
}

/** The directory below `root` that is reached by these names and no link, made where it is missing. */
async function innerDirectory(root: string, names: readonly string[]): Promise<string> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  let path = await realpath(root);
  for (const name of names) {
    const above = path;
    path = join(above, name);
    if (await makeDirectory(path)) await syncDirectory(above);
    if (!(await lstat(path)).isDirectory()) {
      throw new AppError("invalid_input", `${names.join("/")} in the workspace is no directory.`);
    }
  }
  return path;
}

/** False when something is there already. */
async function makeDirectory(path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: 0o700 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function closeQuietly(file: FileHandle): Promise<void> {
  try {
    await file.close();
  } catch {
    // It is closed, or its disk is gone.
  }
}

function createBytesSeen() {
  const hash = createHash("sha256");
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let head = Buffer.alloc(0);
  let size = 0;
  let isText = true;

  function read(bytes?: Uint8Array): boolean {
    try {
      return !BINARY.test(bytes === undefined ? decoder.decode() : decoder.decode(bytes, STREAM));
    } catch {
      return false;
    }
  }
  return {
    add(bytes: Uint8Array) {
      hash.update(bytes);
      size += bytes.length;
      if (head.length < HEAD_BYTES) head = Buffer.concat([head, bytes]).subarray(0, HEAD_BYTES);
      isText &&= read(bytes);
    },
    size: () => size,
    end() {
      isText &&= read();
      return { head, isText, sha256: hash.digest("hex") };
    },
  };
}

const STREAM = { stream: true } as const;
