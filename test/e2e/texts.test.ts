import { afterEach, expect, test } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import { createHeldModel } from "../support/held-model.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { pairOwner } from "../support/pair-people.ts";
import { createScriptedModel } from "../support/scripted-model.ts";

let t: TestRuntime;
afterEach(() => t.close());

test("a word of 10,000 characters comes back in parts, whole and in order", async () => {
  const word = Array.from({ length: 1_000 }, (_, n) => `${n}`.padStart(10, "x")).join("");
  t = await openTestRuntime({ telegram: true, model: createScriptedModel({ text: word }) });
  const owner = await pairOwner(t);
  t.telegram.say(owner.chat, owner.user, word);
  await t.row("messages", ({ text, outcome }) => text === word && outcome === "answered");
  await t.idle();
  const parts = t.telegram.sent.slice(1);
  expect(parts.length).toBeGreaterThan(2);
  expect(parts.map(({ text }) => text).join("")).toBe(word);
});

const manyLines = (count: number) =>
  Array.from({ length: count }, (_, n) => `Line **${n}** <b>&amp; “all” that there is`);

test("an answer of 30 KB arrives whole and in order", async () => {
  const lines = manyLines(700);
  const model = createScriptedModel({ text: lines.join("\n\n") });
  t = await openTestRuntime({ telegram: true, model });
  const owner = await pairOwner(t);
  t.telegram.say(owner.chat, owner.user, "Tell me everything");
  await t.row("messages", ({ text, outcome }) => text.startsWith("Tell") && outcome === "answered");
  await t.idle();
  const parts = t.telegram.sent.slice(1);
  expect(parts.every(({ text, parseMode }) => text.length <= 4_096 && parseMode === "HTML")).toBe(
    true,
  );
  const said = parts.map((part) => part.text).join("\n");
  expect([...said.matchAll(/^Line \**(\d+)/gm)].map((match) => Number(match[1]))).toEqual(
    lines.map((_, n) => n),
  );
  expect(parts.some(({ entities }) => entities.length > 0)).toBe(true);
});

/** Something of each plane that Unicode has letters, signs or private places in. */
const PLANES = [
  "é猫\ufb01\uffee",
  "𐍈𝔘😀🏽",
  "\u{20000}\u{2a6df}",
  "\u{30000}",
  "\u{e0100}",
  "\u{f0000}",
  "\u{10fffd}",
];
const SCRIPTS = [
  "שָׁלוֹם, (עולם) 123!",
  "مَرْحَبًا بِالعَالَم ١٢٣",
  "नमस्ते क्षि நி ที่ 각",
  "👩‍👩‍👧‍👦🏴󠁧󠁢󠁳󠁣󠁴󠁿🇩🇪🇯🇵👍🏽1️⃣❤️‍🔥",
  "e\u0301\u0323\u0307 ﷽ \u202eabc\u202c",
];

test("an answer in every script, with a fence and a table over its messages, arrives as it was written", async () => {
  const spoken = [...PLANES, ...SCRIPTS].map((text, n) => `${n}: ${text.repeat(30)}`);
  const code = Array.from(
    { length: 250 },
    (_, n) => `    if (a < ${n} && b > "${n}") { /* \`\` */ }`,
  );
  const table = Array.from({ length: 200 }, (_, n) => `| cell ${n} | ${"ש".repeat(n % 20)} <b> |`);
  const text = [
    ...spoken,
    ["```ts", ...code, "```"].join("\n"),
    ["| one | two |", "| --- | --- |", ...table].join("\n"),
    "The end",
  ].join("\n\n");
  t = await openTestRuntime({ telegram: true, model: createScriptedModel({ text }) });
  const owner = await pairOwner(t);
  t.telegram.say(owner.chat, owner.user, "Speak");
  await t.row("messages", (row) => row.text === "Speak" && row.outcome === "answered");
  await t.idle();
  const parts = t.telegram.sent.slice(1);
  expect(parts.length).toBeGreaterThan(4);
  expect(parts.every((part) => part.parseMode === "HTML" && part.document === undefined)).toBe(
    true,
  );
  const lines = parts.flatMap((part) => part.text.split("\n"));
  expect(lines.filter((line) => /^\d+: /.test(line))).toEqual(spoken);
  expect(lines.filter((line) => line.includes("if (a <"))).toEqual(code);
  const cells = lines
    .map((line) => /cell (\d+)/.exec(line)?.[1])
    .filter((one) => one !== undefined);
  expect(cells).toEqual(table.map((_, n) => `${n}`));
  expect(lines.at(-1)).toBe("The end");
  // Each message of the fence is a code block of its own, in its language.
  const fenced = parts.filter((part) => part.text.includes("if (a <"));
  expect(fenced.length).toBeGreaterThan(1);
  for (const { entities } of fenced) {
    expect(entities).toContainEqual(expect.objectContaining({ type: "pre", language: "ts" }));
  }
});

test("an answer of 100 KB arrives whole as a file, its beginning beside it", async () => {
  const lines = manyLines(2_200);
  const model = createScriptedModel({ text: lines.join("\n\n") });
  t = await openTestRuntime({ telegram: true, model });
  const owner = await pairOwner(t);
  t.telegram.say(owner.chat, owner.user, "Tell me everything");
  await t.row("messages", ({ text, outcome }) => text.startsWith("Tell") && outcome === "answered");
  await t.idle();
  const [file, ...more] = t.telegram.sent.slice(1);
  expect(more).toEqual([]);
  expect(file?.text).toMatch(/^Line \**0\** [\s\S]*\n\nThe whole text is in the file\.$/);
  expect(file?.document?.name).toBe("reply.md");
  const said = file?.document?.bytes.toString() ?? "";
  expect([...said.matchAll(/^Line [\\*]*(\d+)/gm)].map((match) => Number(match[1]))).toEqual(
    lines.map((_, n) => n),
  );
});

test("100 KB over HTTP are kept whole, told the model as far as its budget goes, and answered", async () => {
  const text = `${"word ".repeat(20_000)}end`;
  const model = createHeldModel();
  model.release();
  t = await openTestRuntime({ model });
  const { status, body } = await t.api("POST", "/api/v1/chat", { text });
  expect({ status, outcome: body.outcome }).toEqual({ status: 200, outcome: "answered" });
  expect(await t.rows("messages")).toMatchObject([{ text }]);
  const [asked = ""] = model.asked;
  const cut = /\n\(The rest is left out here: (\d+) characters\.\)$/.exec(asked);
  expect(text.startsWith(asked.slice(0, cut?.index))).toBe(true);
  expect((cut?.index ?? 0) + Number(cut?.[1])).toBe(text.length);
  expect(body.reply.startsWith("Answer to: word word")).toBe(true);
});

test("control characters and broken Unicode never reach a row, a reply or the model", async () => {
  const model = createHeldModel();
  model.release();
  t = await openTestRuntime({ telegram: true, model });
  const owner = await pairOwner(t);
  t.telegram.say(owner.chat, owner.user, "a\u0000b\u0007c\u001b[31m d\u009b e\ud800 f\r\ng");
  const reply = await t.telegram.nextSent();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
  const forbidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|\p{Surrogate}/u;
  expect(reply.text).toContain("abc[31m d e");
  expect(reply.text).not.toMatch(forbidden);
  expect(model.asked[0]).not.toMatch(forbidden);
  expect((await t.rows("messages"))[1]?.text).not.toMatch(forbidden);
});

test("typing is shown for work that takes longer than a second, and only for that", async () => {
  const model = createHeldModel();
  const waiting: (() => void)[] = [];
  // The second before typing, or a draft, is shown lasts as long as the test wants.
  const clock = {
    ...systemClock,
    sleep: (durationMs: number, signal: AbortSignal) =>
      durationMs === 1_000
        ? Promise.race([
            systemClock.sleep(60_000, signal),
            new Promise<void>((resolve) => waiting.push(resolve)),
          ])
        : systemClock.sleep(durationMs, signal),
  };
  t = await openTestRuntime({ telegram: true, model, clock });
  const owner = await pairOwner(t);
  t.telegram.say(owner.chat, owner.user, "/help");
  await t.telegram.nextSent();
  t.telegram.say(owner.chat, owner.user, "Think");
  await model.begun(1);
  const typed = () => t.telegram.requests.filter(({ method }) => method === "sendChatAction");
  expect(typed()).toHaveLength(0);
  for (const begin of waiting) begin();
  await t.telegram.nextRequest(({ method }) => method === "sendChatAction");
  expect(typed()[0]?.values).toMatchObject({ chat_id: "1001", action: "typing" });
  model.release();
  await t.telegram.nextSent(({ text }) => text === "Answer to: Think");
  t.telegram.say(owner.chat, owner.user, "Again");
  await t.telegram.nextSent(({ text }) => text === "Answer to: Again");
  expect(typed()).toHaveLength(1);
});
