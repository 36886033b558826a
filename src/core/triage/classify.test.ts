import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cpuMsOf } from "../../../test/support/cpu-ms.ts";
import { ROUTE_CLASSES } from "../task/task.ts";
import { classify } from "./classify.ts";

describe("a message is", () => {
  it.each([
    ["noise", ["", "ok", "Thanks!", "gm", "LOL", "yo!!", "👍👍", "nice weather", "see you there"]],
    ["noise", ["no problem", "Not an issue.", "can’t wait", "the canteen is open", "whatever"]],
    ["noise", ["urban gardening", "my commute", "a soundtrack", "scampering cats", "debugging"]],
    ["moderation", ["this is spam", "He’s a spammer", "please ban him!", "mute that one, please"]],
    ["moderation", ["report this user", "is that phishing?", "NSFW!!", "abusive language"]],
    [
      "issue",
      ["the build is broken", "It doesn’t work", "doesnt work", "I can't log in", "Error 42"],
    ],
    [
      "issue",
      ["the scanner does not work at all", "they do not work", "it didn't work", "it won’t work"],
    ],
    ["moderation", ["I report a user", "reporting the user bob"]],
    ["issue", ["ＢＵＧ in the form", "no problem yesterday, but today it fails", "are we stuck?"]],
    ["task", ["please send me the minutes", "todo: write the weekly report", "follow up with Ann"]],
    ["task", ["track this", "could you investigate this", "assign this to Bo"]],
    [
      "question",
      ["how are you", "Where is it", "is it open?", "هل هو مفتوح؟", "can we meet", "怎么办？？"],
    ],
  ] as const)("%s: %j", (routeClass, texts) => {
    for (const text of texts) expect([text, classify(text).routeClass]).toEqual([text, routeClass]);
  });

  it("less than a task when it only begins like one", () => {
    expect(classify("please, no").routeClass).toBe("noise");
    expect(classify("pleased to meet you all").routeClass).toBe("noise");
  });

  it("what the worst word in it says, whatever else it is", () => {
    expect(classify("can you ban whoever sends this broken link?").routeClass).toBe("moderation");
    expect(classify("why is it broken?").routeClass).toBe("issue");
  });
});

describe("classifying", () => {
  it("gives one class for any text, whatever its case, spacing and apostrophes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        const { routeClass } = classify(text);
        expect(ROUTE_CLASSES).toContain(routeClass);
        expect(classify(`  ${text}\n`).routeClass).toBe(routeClass);
      }),
    );
  });

  it("finds a keyword wherever it stands as a word, and never inside another", () => {
    const filler = fc.stringMatching(/^[xyz]{1,6}( [xyz]{1,6}){0,3}$/u);
    fc.assert(
      fc.property(filler, filler, fc.constantFrom("bug", "outage", "stuck"), (a, b, word) => {
        expect(classify(`${a} ${word.toUpperCase()}, ${b}`).routeClass).toBe("issue");
        expect(classify(`${a}${word}${b}`).routeClass).toBe("noise");
      }),
    );
  });

  it.each([
    "bug ".repeat(30_000),
    "a.".repeat(60_000),
    "'".repeat(120_000),
    "can not ".repeat(15_000),
  ])("takes no longer for a huge text", (text) => {
    const tookMs = cpuMsOf(() => {
      for (let n = 0; n < 20; n += 1) classify(text);
    });
    expect(tookMs).toBeLessThan(2_000);
  });

  it("says why in words of its own", () => {
    expect(classify("the printer is BROKEN <b>").because).toBe("it says “broken”");
  });
});
