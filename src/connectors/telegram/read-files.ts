import { shownFileName } from "../../core/message/file-name.ts";
import type { FileKind } from "../../core/message/inbound-file.ts";
import type { InboundMessage } from "../../core/message/inbound-message.ts";
import { type JsonObject, readInteger, readList, readObject, readText } from "./read-json.ts";

/** By the field of a message. An animation also stands as a document, so it comes first. */
const FIELDS: readonly (readonly [field: string, kind: FileKind])[] = [
  ["animation", "animation"],
  ["document", "document"],
  ["voice", "voice"],
  ["audio", "audio"],
  ["video", "video"],
  ["video_note", "video note"],
];
const FILE_ID = /^[\w-]{1,512}$/;
const ALBUM_ID = /^\w{1,64}$/;

type Attached = Pick<InboundMessage, "files" | "albumId">;

/** What came with a message, besides its words. Telegram puts one file in a message; stickers are none. */
export function readFiles(message: JsonObject): Attached {
  const attached = readFile(message);
  const albumId = readText(message, "media_group_id") ?? "";
  const isPart = attached.files !== undefined && ALBUM_ID.test(albumId);
  return isPart ? { ...attached, albumId } : attached;
}

function readFile(message: JsonObject): Attached {
  const photo = largestPhoto(message);
  if (photo !== undefined) return fileOf(photo, "photo");
  for (const [field, kind] of FIELDS) {
    const file = readObject(message, field);
    if (file !== undefined) return fileOf(file, kind);
  }
  return {};
}

/** Every photo comes in several sizes. */
function largestPhoto(message: JsonObject): JsonObject | undefined {
  const sizes = readList(message, "photo");
  return sizes.toSorted((a, b) => areaOf(a) - areaOf(b)).at(-1);
}

function areaOf(photo: JsonObject): number {
  return (readInteger(photo, "width") ?? 0) * (readInteger(photo, "height") ?? 0);
}

function fileOf(file: JsonObject, kind: FileKind): Attached {
  const sourceId = readText(file, "file_id") ?? "";
  if (!FILE_ID.test(sourceId)) return {};
  const size = readInteger(file, "file_size");
  const name = shownFileName(readText(file, "file_name") ?? "");
  const sizeBytes = size === undefined || size < 0 ? null : size;
  return { files: [{ kind, sourceId, name, sizeBytes }] };
}
