import { expect, test } from "vitest";
import type { GrowingText } from "../connectors/telegram/show-draft.ts";
import { systemClock } from "../core/clock.ts";
import { createRedactor, MASK } from "../core/redact.ts";
import type { ShowAnswer } from "../delivery/show-answer.ts";
import { createDraftHub } from "./draft-hub.ts";
import { showDrafts } from "./show-drafts.ts";

const SECRET = "s3cret-token-1234567890";
const turn = {
  contextId: "ctx_1",
  runId: "run_1",
  to: { connector: "telegram", account: "1", externalId: "123" },
  contextKind: "private",
  messageId: "msg_1",
  replyToExternalId: "123:5",
} as const;
const commit = async () => "committed" as const;

function open(of: Parameters<ReturnType<typeof showDrafts>["open"]>[0] = turn) {
  const redactor = createRedactor([SECRET]);
  const hub = createDraftHub(systemClock, redactor, { mode: "disabled", values: [] });
  const shown: GrowingText[] = [];
  const showDraft = (_to: unknown, text: GrowingText) => {
    shown.push(text);
    return { settle: async () => undefined };
  };
  const answers: Parameters<ShowAnswer>[0][] = [];
  const showAnswer: ShowAnswer = (answer) => {
    answers.push(answer);
    return { settle: async () => undefined };
  };
  const sink = showDrafts({ hub, channel: { showDraft }, showAnswer, redactor });
  const draft = sink.open(of, commit, new AbortController().signal);
  return { hub, sink, draft, shown, answers, read: async () => await shown[0]?.read() };
}

test.each([
  ["", undefined],
  ["plain ", "plain"],
  ["**bold** and **half ", "<b>bold</b> and **half"],
  [
    "a\n\n```ts\nconst a = 1 < 2;\n",
    'a\n\n<pre><code class="language-ts">const a = 1 &lt; 2;</code></pre>',
  ],
  ["see [the page](https:// ", "see [the page](https://"],
  ["<b>no tag & <i ", "&lt;b&gt;no tag &amp; &lt;i"],
])("what there is of %j is whole HTML", async (markdown, html) => {
  const { draft, read } = open();
  draft.write(markdown);
  expect(await read()).toBe(html);
});

test("of a long answer the part that is being written is shown, of what will be a file nothing", async () => {
  const { draft, read } = open();
  draft.write(`${"first ".repeat(600)}\n\n${"second ".repeat(300)}`);
  expect(await read()).toMatch(/^second /u);
  draft.write("word ".repeat(20_000));
  expect(await read()).toBeUndefined();
});

test("what is too long to be read again every second is not shown, in a group neither", async () => {
  const { draft, answers } = open({ ...turn, contextKind: "group" });
  draft.write("word ".repeat(9_000));
  expect(await answers[0]?.read()).toBeDefined();
  draft.write("word ".repeat(10_000));
  expect(await answers[0]?.read()).toBeUndefined();
});

test("a draft holds no secret, also none of which only the beginning is there", async () => {
  const { draft, read } = open();
  draft.write(`the token is ${SECRET} `);
  expect(await read()).not.toContain("s3cret");
  draft.write(`the token is ${SECRET.slice(0, 12)}`);
  expect(await read()).toBe("the token is");
});

test.each([
  'the token is s3cret-[token](https://a.example "title")-1234567890',
  "the token is s3cret-[token][r]-1234567890\n\n[r]: https://a.example",
  '![s3cret](https://a.example "title")-token-1234567890',
  "s3cret&#45;token-1234567890",
  "s3cret-[token](https://a.example/(b(c(d(e)))))-1234567890",
])("nor one that only its rendering joins: %j", async (markdown) => {
  const { draft, read } = open();
  draft.write(`${markdown} so `);
  expect(await read()).toContain(MASK);
  expect((await read())?.replace(/<[^>]*>/g, "")).not.toContain(SECRET);
});

test("a draft has the same id in every attempt at its turn, never 0", () => {
  const { sink, shown } = open();
  sink.open(turn, commit, new AbortController().signal);
  const ids = shown.map(({ id }) => id);
  expect(ids[0]).toBe(ids[1]);
  expect(ids[0]).toBeGreaterThan(0);
  expect(ids[0]).toBeLessThan(2 ** 31);
});

test("the page has every draft, a group one that is a message, without secrets too", async () => {
  const { hub, draft, shown, answers } = open({ ...turn, contextKind: "group" });
  draft.write(`in a **group** s3cret-[token](https://a.example "title")-1234567890 `);
  await draft.settle();
  expect(shown).toEqual([]);
  expect(hub.find("run_1")?.text).toContain("in a group");
  const [answer] = answers;
  expect(answer).toMatchObject({ runId: "run_1", to: turn.to, messageId: "msg_1" });
  expect(JSON.stringify(await answer?.read())).toContain(MASK);
  expect(JSON.stringify(await answer?.read())).not.toContain("1234567890");
});
