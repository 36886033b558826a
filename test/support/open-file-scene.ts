import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Selectable } from "kysely";
import type { FilesTable } from "../../src/store/tables/files.ts";
import { createFastClock } from "../crash/whole-runtime/fast-clock.ts";
import { openTestRuntime } from "./open-test-runtime.ts";
import { type Person, pairOwner } from "./pair-people.ts";

export const PDF = Buffer.from(`%PDF-1.7\n${"x".repeat(12_000)}`);

export type FileScene = Awaited<ReturnType<typeof openFileScene>>;

/** The runtime with its owner on Telegram, who sends files; its clock runs eight times as fast. */
export async function openFileScene(env: Readonly<Record<string, string>> = {}) {
  const t = await openTestRuntime({
    telegram: true,
    clock: createFastClock(8, Date.now()),
    env: { TELEGRAM_POLL_SECONDS: "1", ...env },
  });
  const owner = await pairOwner(t);
  let albums = 0;
  const root = join(t.dataDir, "workspaces");

  return {
    t,
    owner,
    send({ chat, user }: Person, bytes: Buffer, name?: string, caption?: string) {
      const said = name === undefined ? {} : { file_name: name };
      return t.telegram.send(chat, user, { document: t.telegram.file(bytes, said) }, caption);
    },
    /** The parts of an album as they arrive, with a caption on the first of them. */
    sendAlbum({ chat, user }: Person, count: number, caption?: string) {
      const media_group_id = `1${++albums}`;
      return Array.from({ length: count }, (_, n) => {
        const document = t.telegram.file(Buffer.from(`part ${n}`), { file_name: `${n}.txt` });
        const words = n === 0 ? caption : undefined;
        return t.telegram.send(chat, user, { document, media_group_id }, words);
      });
    },
    reply: (part: string) => t.telegram.nextSent(({ text }) => text.includes(part)),
    settled: (state: "saved" | "failed") => t.row("files", (file) => file.state === state),
    /** How often Telegram was asked for a file. */
    asked: () => t.telegram.requests.filter(({ method }) => /file/i.test(method)).length,
    /** Every file below the workspaces, by its path. */
    list: (): readonly string[] =>
      readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => !entry.isDirectory())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)),
    pathOf: ({ workspace_id: workspace, path }: Selectable<FilesTable>) =>
      join(root, workspace, path ?? ""),
    read(file: Selectable<FilesTable>): Buffer {
      return readFileSync(this.pathOf(file));
    },
  };
}
