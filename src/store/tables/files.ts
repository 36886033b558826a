import type { Generated } from "kysely";
import type { EpochMs } from "../../core/clock.ts";
import type { FileFailure, FileKind, FileState } from "../../core/message/inbound-file.ts";
import type { Flag } from "./column.ts";

/** Files that came with messages which started work; the bytes lie in the workspace. */
export interface FilesTable {
  seq: Generated<number>;
  id: string;
  message_id: string;
  workspace_id: string;
  context_id: string;
  /** On whose account it is fetched: who sent it, or who set going what came with it. */
  user_id: string;
  kind: FileKind;
  /** What the platform gives it out by. */
  source_id: string;
  /** As given, fit to be shown. */
  name: string | null;
  declared_bytes: number | null;
  state: FileState;
  reason: FileFailure | null;
  /** Within the workspace. */
  path: string | null;
  sha256: string | null;
  size_bytes: number | null;
  /** By its bytes, whatever was declared. */
  media_type: string | null;
  /** Always 1: nobody vouches for what is in a file. */
  taint: Flag;
  cause: string;
  created_at_ms: EpochMs;
  settled_at_ms: EpochMs | null;
}
