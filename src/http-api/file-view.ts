import type { ReceivedFile } from "../client/shapes/file.ts";
import type { FileRow } from "../store/queries/files.ts";

export function toFileView(row: FileRow): ReceivedFile {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name ?? "",
    state: row.state,
    reason: row.reason ?? "",
    path: row.path ?? "",
    media_type: row.media_type ?? "",
    size_bytes: row.size_bytes ?? 0,
    sha256: row.sha256 ?? "",
  };
}
