import { expect, test } from "vitest";
import { sniffFileType } from "./sniff-file-type.ts";

const bytes = (text: string) => Buffer.from(text, "latin1");
const zip = (entry: string) => bytes(`PK\x03\x04${"\0".repeat(26)}${entry}`);

test.each<[string, Buffer, string]>([
  ["application/pdf", bytes("%PDF-1.7"), "docx"],
  ["image/png", bytes("\x89PNG\r\n\x1a\n"), "md"],
  ["image/jpeg", bytes("\xff\xd8\xff\xe0"), "txt"],
  ["image/gif", bytes("GIF89a"), ""],
  ["image/webp", bytes("RIFF....WEBPVP8 "), ""],
  ["audio/wav", bytes("RIFF....WAVEfmt "), ""],
  ["audio/ogg", bytes("OggS\0\x02........OpusHead"), ""],
  ["audio/mpeg", bytes("ID3\x04"), ""],
  ["audio/mpeg", bytes("\xff\xfb\x90\x00"), ""],
  ["audio/mp4", bytes("\0\0\0\x20ftypM4A "), ""],
  ["video/mp4", bytes("\0\0\0\x20ftypisom"), ""],
  ["application/zip", zip("a.txt"), "zip"],
  ["application/zip", zip("a.txt"), "docx"],
  [
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    zip("[Content_Types].xml"),
    "docx",
  ],
  [
    "application/vnd.oasis.opendocument.text",
    zip("mimetypeapplication/vnd.oasis.opendocument.textPK"),
    "odt",
  ],
  ["application/octet-stream", bytes("\xff\xff\xff\xff"), "mp3"],
  ["application/octet-stream", bytes("MZ\x90\0"), "pdf"],
  ["application/octet-stream", bytes(""), "pdf"],
])("%s, by its bytes", (mediaType, head, extension) => {
  expect(sniffFileType({ head, isText: false, extension }).mediaType).toBe(mediaType);
});

test.each([
  ["md", "text/markdown"],
  ["markdown", "text/markdown"],
  ["csv", "text/csv"],
  ["json", "application/json"],
  ["svg", "image/svg+xml"],
  ["pdf", "text/plain"],
  ["constructor", "text/plain"],
  ["", "text/plain"],
])("text called .%s is %s", (extension, mediaType) => {
  const file = { head: bytes("# A heading"), isText: true, extension };
  expect(sniffFileType(file).mediaType).toBe(mediaType);
});
