/** What came with a message besides its words, as its platform calls it. */
export type FileKind =
  | "document"
  | "photo"
  | "voice"
  | "audio"
  | "video"
  | "video note"
  | "animation";

/** A file that is said to be there. Nothing of it was fetched, and nothing in it is trusted. */
export interface InboundFile {
  readonly kind: FileKind;
  /** What the platform gives it out by. */
  readonly sourceId: string;
  /** As given, fit to be shown; `null`: it has none. */
  readonly name: string | null;
  /** As declared; `null`: nobody said. */
  readonly sizeBytes: number | null;
}

/** Whatever is declared, no file grows beyond this. */
export const LARGEST_FILE_BYTES = 20 * 1024 * 1024;
/** Files of one message that are looked at. */
export const MOST_FILES = 10;

/** Why a file is not there. */
export type FileFailure =
  /** Beyond `LARGEST_FILE_BYTES`, or beyond what the platform gives out. */
  | "too_large"
  /** The platform does not know it any more. */
  | "gone"
  /** The platform did not give it out, however often it was asked. */
  | "unreachable"
  /** It came, and the disk did not take it. */
  | "not_saved"
  /** Its sender has sent as many as a day takes. */
  | "daily_limit"
  /** Whoever sent it ended the work it came for. */
  | "cancelled";

export type FileState = "waiting" | "saved" | "failed";

/** What became of asking a platform for a file. */
export type FetchResult =
  /** Every byte was handed over. */
  | { readonly kind: "whole" }
  /** Not now; what was handed over counts for nothing. */
  | { readonly kind: "again"; readonly error: string; readonly retryAfterMs?: number }
  /** Never. */
  | {
      readonly kind: "never";
      readonly reason: Extract<FileFailure, "too_large" | "gone" | "unreachable">;
      readonly error: string;
    };

/** Takes the next bytes of a file. What it throws ends the fetch. */
export type TakeBytes = (bytes: Uint8Array) => Promise<void>;
