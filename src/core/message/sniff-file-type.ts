/** What a file is by its bytes. `extension` is for files that have no name. */
export interface FileType {
  readonly mediaType: string;
  readonly extension: string;
}

/** The first bytes that the rules below look at. */
export const HEAD_BYTES = 8_192;

const UNKNOWN: FileType = { mediaType: "application/octet-stream", extension: "bin" };

/** By how a file begins; `at` is where. First match wins. */
const BEGINNINGS: readonly (readonly [begins: string, type: FileType, at?: number])[] = [
  ["%PDF-", type("application/pdf", "pdf")],
  ["\x89PNG\r\n\x1a\n", type("image/png", "png")],
  ["\xff\xd8\xff", type("image/jpeg", "jpg")],
  ["GIF87a", type("image/gif", "gif")],
  ["GIF89a", type("image/gif", "gif")],
  ["WEBP", type("image/webp", "webp"), 8],
  ["WAVE", type("audio/wav", "wav"), 8],
  ["OggS", type("audio/ogg", "ogg")],
  ["fLaC", type("audio/flac", "flac")],
  ["ID3", type("audio/mpeg", "mp3")],
  ["ftypM4A", type("audio/mp4", "m4a"), 4],
  ["ftypheic", type("image/heic", "heic"), 4],
  ["ftypqt", type("video/quicktime", "mov"), 4],
  ["ftyp", type("video/mp4", "mp4"), 4],
  ["\x1aE\xdf\xa3", type("video/webm", "webm")],
  ["\x1f\x8b", type("application/gzip", "gz")],
  ["7z\xbc\xaf\x27\x1c", type("application/x-7z-compressed", "7z")],
  ["Rar!\x1a\x07", type("application/vnd.rar", "rar")],
];

const OFFICE: Readonly<Record<string, string>> = {
  docx: "wordprocessingml.document",
  xlsx: "spreadsheetml.sheet",
  pptx: "presentationml.presentation",
};
/** Archives that name themselves in their first entry. */
const NAMED_ARCHIVE =
  /^mimetype(application\/(?:epub\+zip|vnd\.oasis\.opendocument\.(?:text|spreadsheet|presentation)))/;

const TEXTS: Readonly<Record<string, string>> = {
  md: "text/markdown",
  markdown: "text/markdown",
  csv: "text/csv",
  tsv: "text/tab-separated-values",
  htm: "text/html",
  html: "text/html",
  css: "text/css",
  svg: "image/svg+xml",
  json: "application/json",
  xml: "application/xml",
  yaml: "application/yaml",
  yml: "application/yaml",
};

/**
 * Says what a file is. Its bytes decide; its name only tells kinds of text, and of documents in archives, apart. Nothing
 * is unpacked.
 */
export function sniffFileType(file: {
  /** The first `HEAD_BYTES` of it. */
  readonly head: Buffer;
  /** All of it is readable text. */
  readonly isText: boolean;
  /** Of its name, in lower case. */
  readonly extension: string;
}): FileType {
  const head = file.head.subarray(0, HEAD_BYTES).toString("latin1");
  if (head === "") return UNKNOWN;
  const found = BEGINNINGS.find(([begins, , at = 0]) => head.startsWith(begins, at));
  if (found !== undefined) return found[1];
  if (head.startsWith("PK\x03\x04")) return sniffArchive(head, file.extension);
  if (file.isText) return sniffText(file.extension);
  return isMpegFrame(file.head) ? type("audio/mpeg", "mp3") : UNKNOWN;
}

function sniffArchive(head: string, extension: string): FileType {
  const named = NAMED_ARCHIVE.exec(head.slice(30));
  if (named?.[1] !== undefined) return type(named[1], extension);
  const office = OFFICE[extension];
  if (office !== undefined && head.includes("[Content_Types].xml")) {
    return type(`application/vnd.openxmlformats-officedocument.${office}`, extension);
  }
  return type("application/zip", "zip");
}

function sniffText(extension: string): FileType {
  const known = Object.hasOwn(TEXTS, extension) ? TEXTS[extension] : undefined;
  return known === undefined ? type("text/plain", "txt") : type(known, extension);
}

/** Eleven set bits and no value that the format reserves. */
function isMpegFrame([first = 0, second = 0, third = 0]: Buffer): boolean {
  const isSync = first === 0xff && (second & 0xe0) === 0xe0;
  return isSync && (second & 0x06) === 0x02 && (third & 0xf0) !== 0xf0 && (third & 0x0c) !== 0x0c;
}

function type(mediaType: string, extension: string): FileType {
  return { mediaType, extension };
}
