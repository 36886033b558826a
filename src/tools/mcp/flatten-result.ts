import { cleanText } from "../../core/tool/clean-text.ts";

/** Of a result; the pages of it bound what a model is shown at once. */
const LONGEST_RESULT = 150_000;
const MOST_PARTS = 1_000;

type Fields = Readonly<Record<string, unknown>>;

/** What a tool of a server gave, as text. What is no text is named, not shown. */
export function flattenResult({ content, structuredContent }: Fields): string {
  const text = joined(Array.isArray(content) ? content.map(flattenPart) : []);
  if (text !== "") return text;
  return structuredContent === undefined
    ? "It gave nothing."
    : cleanText(JSON.stringify(structuredContent), LONGEST_RESULT);
}

/** What a resource holds. */
export function flattenContents({ contents }: Fields): string {
  const text = joined(Array.isArray(contents) ? contents.map(flattenResource) : []);
  return text === "" ? "It holds nothing." : text;
}

/** What a prompt says, with who is meant to say it. */
export function flattenMessages({ messages }: Fields): string {
  const each = Array.isArray(messages) ? messages.map(fieldsOf) : [];
  return joined(each.map(({ role, content }) => `[${role}] ${flattenPart(content)}`));
}

/** One line for each, of the named fields that it has. */
export function flattenList(items: readonly unknown[], fields: readonly string[]): string {
  if (items.length === 0) return "There are none.";
  return joined(
    items.map((item) => {
      const found = fieldsOf(item);
      const shown = fields.map((field) => found[field]).filter((one) => one !== undefined);
      return shown.map(asLine).join(" - ");
    }),
  );
}

function asLine(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return cleanText(text, 500).replace(/\s+/gu, " ");
}

function flattenPart(part: unknown): string {
  const { type, text, mimeType, uri, resource } = fieldsOf(part);
  switch (type) {
    case "text":
      return String(text);
    case "image":
    case "audio":
      return `(${type === "image" ? "An image" : "A sound"} of the type ${mimeType}, which is not shown.)`;
    case "resource_link":
      return `(A resource: ${uri})`;
    case "resource":
      return flattenResource(resource);
    default:
      return "(Something that is not known here.)";
  }
}

function flattenResource(resource: unknown): string {
  const { uri, text, mimeType } = fieldsOf(resource);
  return typeof text === "string"
    ? `${uri}:\n${text}`
    : `(${uri} is of the type ${mimeType}, which is not shown.)`;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function joined(texts: readonly string[]): string {
  return cleanText(texts.slice(0, MOST_PARTS).join("\n"), LONGEST_RESULT);
}
