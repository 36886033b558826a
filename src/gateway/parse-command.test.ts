import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isStopWord, parseCommand } from "./parse-command.ts";

const ours = (name: string) => name.toLowerCase() === "helpful_bot";
const parse = (text: string) => parseCommand(text, ours);

describe("parse-command", () => {
  it.each([
    ["/help", "help", ""],
    ["  \n/HELP  ", "help", ""],
    ["/task@helpful_bot write it", "task", "write it"],
    ["/task@HELPFUL_BOT write it", "task", "write it"],
    ["/some_long_name x", "some-long-name", "x"],
    ["/task first line\nsecond line\n\n  third", "task", "first line\nsecond line\n\n  third"],
    ["/task\nall on the next line", "task", "all on the next line"],
    ["/task\r\nwindows", "task", "windows"],
    ["/task\ttab", "task", "tab"],
    ["/task  two spaces", "task", " two spaces"],
  ])("reads %j", (text, name, args) => {
    expect(parse(text)).toEqual({ kind: "command", name, args });
  });

  it.each([
    "task is broken",
    "Open questions remain",
    "status of /help",
    "/",
    "//",
    "// a comment",
    "/usr/bin/env is missing",
    "/ help",
    "/@helpful_bot",
    "/-x",
    "1/2 done",
    "",
  ])("reads %j as prose", (text) => {
    expect(parse(text)).toEqual({ kind: "prose" });
  });

  it("leaves another bot's command to that bot", () => {
    expect(parse("/help@other_bot")).toEqual({ kind: "foreign" });
  });

  it("takes a word of 10,000 characters without harm", () => {
    const word = "a".repeat(10_000);
    expect(parse(`/${word} x`)).toEqual({ kind: "command", name: word, args: "x" });
    expect(parse(`${word} x`)).toEqual({ kind: "prose" });
  });

  it("keeps arguments exactly, whatever they are", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z][a-z0-9_-]{0,20}$/u),
        fc.string({ unit: "grapheme" }).filter((args) => args.trim() === args && args !== ""),
        fc.constantFrom(" ", "\n", "\t", "\r\n"),
        (name, args, separator) => {
          const expected = { kind: "command", name: name.replaceAll("_", "-"), args };
          expect(parse(`/${name}${separator}${args}`)).toEqual(expected);
        },
      ),
    );
  });

  it("never takes a text for a command that does not begin with a slash", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        if (!text.trim().startsWith("/")) expect(parse(text)).toEqual({ kind: "prose" });
      }),
    );
  });

  it("knows the lone word stop, and only alone", () => {
    for (const text of ["stop", "Stop", " STOP! ", "/stop", "stop.", "/Stop@helpful_bot"]) {
      expect(isStopWord(text, ours)).toBe(true);
    }
    for (const text of [
      "stop it",
      "don't stop",
      "stopp",
      "",
      "non stop",
      "/stop@other_bot",
      "/stop now",
    ]) {
      expect(isStopWord(text, ours)).toBe(false);
    }
  });
});
