import { afterEach, beforeEach, expect, test } from "vitest";
import { draftScene, RUN } from "../../test/support/draft-scene.ts";
import { type OpenDelivery, openDelivery } from "../../test/support/open-delivery.ts";
import { doc, p } from "../core/rich-text/build.ts";
import { runRowById } from "../store/queries/runs.ts";

let d: OpenDelivery;
beforeEach(async () => {
  d = await openDelivery();
  await d.commit([RUN]);
});
afterEach(() => d.close());

const { queueDraft, queueReply, endRun, show } = draftScene(() => d);

/** What is under way when the process dies: nobody hears its end. */
function neverAnswered() {
  let begun = () => {};
  const reached = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const answer = () => {
    begun();
    return new Promise<never>(() => undefined);
  };
  return { answer, reached };
}

test("a draft that was being sent when the process died is in doubt, and not sent again", async () => {
  const { answer, reached } = neverAnswered();
  d.answers.push(answer);
  const draft = await queueDraft();
  await d.start();
  await reached;
  await d.restart();
  await d.run();
  expect(await d.row(draft.id)).toMatchObject({ state: "failed", receipts: "[]" });
  expect(d.sends).toHaveLength(1);
  await endRun();
});

test("a second part that was being sent when the process died is sent again, and edits nothing", async () => {
  await show();
  await endRun();
  const reply = await queueReply(doc(p("word ".repeat(1_500))));
  const { answer, reached } = neverAnswered();
  d.answers.push(answer);
  await d.start();
  await reached;
  await d.restart();
  await d.run();
  expect(d.changes).toHaveLength(1);
  expect(d.texts().at(-1)).toMatch(/^\(may be a repeat\)\nword/u);
  expect(await d.row(reply.id)).toMatchObject({
    state: "sent",
    receipts: '["1001:1","1001:3"]',
    marked: 1,
  });
});

test("an edit that was under way when the process died is made again, unmarked", async () => {
  await show();
  await endRun();
  const reply = await queueReply();
  const { answer, reached } = neverAnswered();
  d.changeAnswers.push(answer);
  await d.start();
  await reached;
  await d.restart();
  await d.run();
  expect(d.changes.map(({ part }) => part.formatted)).toEqual(["So it is.", "So it is."]);
  expect(await d.row(reply.id)).toMatchObject({ state: "sent", marked: 0 });
});

test("a draft whose job is given up is no dead letter", async () => {
  const { id } = await queueDraft();
  await d.store.transact(({ database }) => {
    database.prepare("update jobs set interruptions = 26").run();
  });
  await d.run();
  expect((await d.row(id)).state).toBe("failed");
  await endRun();
});

test("a draft whose answer is cancelled while its end is being stored is taken back all the same", async () => {
  const draft = await queueDraft();
  const { first } = d.store;
  let reads = 0;
  d.store.first = async (query, params) => {
    const found = await first(query, params);
    if (query === (runRowById as unknown)) reads += 1;
    // The second one says that the answer is still being written, and is read before the commit that relies on it.
    if (query === (runRowById as unknown) && reads === 2) await endRun("cancelled");
    return found;
  };
  await d.run();
  d.store.first = first;
  expect(reads).toBe(3);
  await d.run();
  expect(d.removed).toEqual(["1001:1"]);
  expect((await d.row(draft.id)).state).toBe("failed");
});
