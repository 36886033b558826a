import type { FileFailure, FileKind } from "../message/inbound-file.ts";

/** What may change about the files that came with messages. */
export type FileEffect =
  /** A file of an accepted message is to be fetched; its job must be in the same commit. */
  | {
      readonly type: "expect-file";
      readonly id: string;
      readonly messageId: string;
      readonly workspaceId: string;
      readonly contextId: string;
      readonly userId: string;
      readonly kind: FileKind;
      readonly sourceId: string;
      readonly name: string | null;
      readonly declaredBytes: number | null;
    }
  /** Conflict when it is saved or failed already. */
  | {
      readonly type: "save-file";
      readonly id: string;
      /** Within the workspace. */
      readonly path: string;
      readonly sha256: string;
      readonly sizeBytes: number;
      readonly mediaType: string;
    }
  /** Conflict when it is saved or failed already. */
  | { readonly type: "fail-file"; readonly id: string; readonly reason: FileFailure };
