import { AppError } from "../../core/errors.ts";
import { type MarkedText, readFrontMatter, readHead } from "../../core/memory/front-matter.ts";
import { taintOf } from "../../tools/filesystem/file-taint.ts";
import { openInWorkspace } from "../../tools/filesystem/open-in-workspace.ts";
import { parseWorkspacePath } from "../../tools/filesystem/workspace-path.ts";

export type ReadFile =
  | ({ readonly kind: "text"; readonly head: readonly string[] } & MarkedText)
  /** It is not there, or has no words in it. */
  | { readonly kind: "missing" }
  /** It is not used at all: half of an instruction may mean its opposite. `why` ends a sentence. */
  | { readonly kind: "bad"; readonly why: string };

/** Reads a markdown file inside a folder, whole or not at all. No link is followed; the bytes are UTF-8. */
export async function readBoundedFile(
  folder: string,
  path: string,
  mostBytes: number,
): Promise<ReadFile> {
  try {
    const bytes = await readBytes(folder, path, mostBytes);
    if (bytes.length > mostBytes)
      return { kind: "bad", why: `it is larger than ${mostBytes} bytes` };
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (text.includes("\0")) return { kind: "bad", why: "it is no text" };
    const { text: words, taintedBy } = readFrontMatter(text);
    if (words.trim() === "") return { kind: "missing" };
    // What a program put there says nothing of itself.
    const taint =
      taintedBy.length > 0 ? undefined : await taintOf(folder, parseWorkspacePath(path));
    const sources = taint === undefined ? taintedBy : [taint];
    return { kind: "text", head: readHead(text), text: words, taintedBy: sources };
  } catch (error) {
    return describe(error);
  }
}

async function readBytes(folder: string, path: string, mostBytes: number): Promise<Buffer> {
  const file = await openInWorkspace(folder, parseWorkspacePath(path));
  try {
    // One byte more than there may be: the file may grow while it is read.
    const buffer = Buffer.alloc(mostBytes + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
      length += bytesRead;
      if (bytesRead === 0 || length === buffer.length) return buffer.subarray(0, length);
    }
  } finally {
    await file.close();
  }
}

function describe(error: unknown): ReadFile {
  if (error instanceof AppError && error.code === "not_found") return { kind: "missing" };
  if (error instanceof AppError) return { kind: "bad", why: "it is a link, a folder or a device" };
  if (error instanceof TypeError) return { kind: "bad", why: "it is not UTF-8" };
  const { code } = error as NodeJS.ErrnoException;
  return { kind: "bad", why: `it cannot be read (${code ?? "for a reason of its own"})` };
}
