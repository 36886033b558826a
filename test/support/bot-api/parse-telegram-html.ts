/** One piece of format, offsets in UTF-16 units, as the Bot API counts them. */
export interface Entity {
  type: string;
  offset: number;
  length: number;
  url?: string;
  language?: string;
}

export interface ParsedText {
  readonly text: string;
  readonly entities: readonly Entity[];
}

/** What the real server answers after `Bad Request: can't parse entities: `. */
export class HtmlError extends Error {}

interface OpenTag {
  readonly name: string;
  readonly argument: string;
  readonly offset: number;
}

const ENTITY_TYPE: Readonly<Record<string, string>> = {
  b: "bold",
  strong: "bold",
  i: "italic",
  em: "italic",
  u: "underline",
  ins: "underline",
  s: "strikethrough",
  strike: "strikethrough",
  del: "strikethrough",
  code: "code",
  pre: "pre",
  a: "text_link",
  blockquote: "blockquote",
  "tg-spoiler": "spoiler",
  span: "spoiler",
  "tg-emoji": "custom_emoji",
};
const NAMED: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"' };
const SPACE = /[\s\0]/;

/** Parses text of `parse_mode: HTML` as strictly as the real server, and fails with its words. */
export function parseTelegramHtml(source: string): ParsedText {
  if (!/[<&]/.test(source)) return trimmed(source, []);
  const reader = new HtmlReader(source);
  reader.run();
  return trimmed(reader.text, reader.entities);
}

class HtmlReader {
  text = "";
  readonly entities: Entity[] = [];
  readonly #open: OpenTag[] = [];
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  run(): void {
    while (this.#at < this.#source.length) {
      const next = this.#peek();
      if (next === "&") this.text += this.#readReference();
      else if (next !== "<") this.text += this.#source[this.#at++];
      else if (this.#source[this.#at + 1] === "/") this.#readEndTag();
      else this.#readStartTag();
    }
    const unclosed = this.#open.at(-1);
    if (unclosed !== undefined) {
      throw new HtmlError(`Can't find end tag corresponding to start tag "${unclosed.name}"`);
    }
  }

  #peek(): string {
    return this.#source[this.#at] ?? "\0";
  }

  #byteOffset(at: number): number {
    return Buffer.byteLength(this.#source.slice(0, at));
  }

  #readReference(): string {
    const match = /^&(?:#x([0-9a-f]+)|#([0-9]+)|(lt|gt|amp|quot));?/i.exec(
      this.#source.slice(this.#at, this.#at + 16),
    );
    if (match === null) {
      this.#at++;
      return "&";
    }
    this.#at += match[0].length;
    if (match[3] !== undefined) return NAMED[match[3].toLowerCase()] ?? "";
    const point = match[1] === undefined ? Number(match[2]) : Number.parseInt(match[1], 16);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : match[0];
  }

  #skip(stop: (next: string) => boolean): string {
    const from = this.#at;
    while (this.#at < this.#source.length && !stop(this.#peek())) this.#at++;
    return this.#source.slice(from, this.#at);
  }

  #skipSpaces(): void {
    this.#skip((next) => !SPACE.test(next));
  }

  #readStartTag(): void {
    const begin = this.#at++;
    const name = this.#skip((next) => SPACE.test(next) || next === ">").toLowerCase();
    this.#failAtEnd(begin);
    if (ENTITY_TYPE[name] === undefined) {
      throw new HtmlError(
        `Unsupported start tag "${name}" at byte offset ${this.#byteOffset(begin)}`,
      );
    }
    let argument = "";
    while (true) {
      this.#skipSpaces();
      this.#failAtEnd(begin);
      if (this.#peek() === ">") break;
      argument = this.#readAttribute(name, begin) ?? argument;
    }
    this.#at++;
    if (name === "span" && argument !== "tg-spoiler") {
      throw new HtmlError(
        `Tag "span" must have class "tg-spoiler" at byte offset ${this.#byteOffset(begin)}`,
      );
    }
    this.#open.push({ name, argument, offset: this.text.length });
  }

  #failAtEnd(begin: number): void {
    if (this.#at >= this.#source.length) {
      throw new HtmlError(`Unclosed start tag at byte offset ${this.#byteOffset(begin)}`);
    }
  }

  #readAttribute(tag: string, begin: number): string | undefined {
    const name = this.#skip((next) => SPACE.test(next) || `=>/"'`.includes(next));
    if (name === "") {
      throw new HtmlError(
        `Empty attribute name in the tag "${tag}" at byte offset ${this.#byteOffset(begin)}`,
      );
    }
    this.#skipSpaces();
    this.#failAtEnd(begin);
    if (this.#peek() !== "=") return undefined;
    this.#at++;
    this.#skipSpaces();
    this.#failAtEnd(begin);
    const value = this.#readAttributeValue();
    this.#failAtEnd(begin);
    const wanted = { a: "href", code: "class", span: "class", "tg-emoji": "emoji-id" }[tag];
    return wanted === name ? value : undefined;
  }

  #readAttributeValue(): string {
    const quote = this.#peek();
    if (quote !== '"' && quote !== "'") {
      const begin = this.#at;
      const token = this.#skip((next) => !/[a-z0-9.-]/i.test(next));
      if (!SPACE.test(this.#peek()) && this.#peek() !== ">") {
        throw new HtmlError(
          `Unexpected end of name token at byte offset ${this.#byteOffset(begin)}`,
        );
      }
      return token.toLowerCase();
    }
    this.#at++;
    let value = "";
    while (this.#at < this.#source.length && this.#peek() !== quote) {
      value += this.#peek() === "&" ? this.#readReference() : this.#source[this.#at++];
    }
    this.#at++;
    return value;
  }

  #readEndTag(): void {
    const begin = this.#at;
    const tag = this.#open.pop();
    if (tag === undefined) {
      throw new HtmlError(`Unexpected end tag at byte offset ${this.#byteOffset(begin)}`);
    }
    this.#at += 2;
    const name = this.#skip((next) => SPACE.test(next) || next === ">");
    this.#skipSpaces();
    if (this.#peek() !== ">") {
      throw new HtmlError(`Unclosed end tag at byte offset ${this.#byteOffset(begin)}`);
    }
    this.#at++;
    if (name !== "" && name !== tag.name) {
      throw new HtmlError(
        `Unmatched end tag at byte offset ${this.#byteOffset(begin)}, expected "</${tag.name}>", found "</${name}>"`,
      );
    }
    this.#addEntity(tag);
  }

  #addEntity(tag: OpenTag): void {
    const length = this.text.length - tag.offset;
    if (length === 0) return;
    const entity: Entity = { type: ENTITY_TYPE[tag.name] ?? "", offset: tag.offset, length };
    if (tag.name === "a") {
      const url = tag.argument === "" ? this.text.slice(tag.offset) : tag.argument;
      if (!/^(https?:\/\/|tg:\/\/|mailto:|tel:)/i.test(url)) return;
      entity.url = url;
    }
    if (tag.name === "pre") this.#takeLanguage(entity);
    if (tag.name === "code" && tag.argument.startsWith("language-")) {
      entity.language = tag.argument.slice("language-".length);
    }
    this.entities.push(entity);
  }

  /** `<pre><code class="language-x">` is one entity with a language. */
  #takeLanguage(pre: Entity): void {
    const inner = this.entities.at(-1);
    if (inner?.type !== "code" || inner.offset !== pre.offset) return;
    this.entities.pop();
    if (inner.language !== undefined) pre.language = inner.language;
  }
}

/** The server strips white space around a message, at its start only up to a code block; entities move with it. */
function trimmed(text: string, entities: readonly Entity[]): ParsedText {
  const blocks = entities.filter(({ type }) => type === "pre").map(({ offset }) => offset);
  const shift = Math.min(text.length - text.trimStart().length, ...blocks);
  const kept = text.slice(shift).trimEnd();
  if (shift === 0 && kept.length === text.length) return { text, entities };
  const moved = entities.flatMap((entity) => {
    const offset = Math.max(0, entity.offset - shift);
    const end = Math.min(kept.length, entity.offset + entity.length - shift);
    return end > offset ? [{ ...entity, offset, length: end - offset }] : [];
  });
  return { text: kept, entities: moved };
}
