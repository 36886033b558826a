import { afterEach, expect, it } from "vitest";
import {
  addUser,
  commitEffects,
  openTestApi,
  type TestApi,
} from "../../../test/support/open-test-api.ts";
import { auditAfter } from "../../store/queries/audit.ts";

let api: TestApi;
afterEach(() => api.close());

interface StreamEvent {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: Record<string, unknown>;
}

async function open(headers: Record<string, string> = {}) {
  const response = await api.asOwner("/api/v1/events", { headers });
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = "";
  return {
    close: () => reader.cancel(),
    async next(): Promise<StreamEvent | undefined> {
      for (;;) {
        const end = text.indexOf("\n\n");
        if (end >= 0) {
          const block = text.slice(0, end);
          text = text.slice(end + 2);
          if (!block.startsWith(":")) return parse(block);
          continue;
        }
        const { done, value } = await reader.read();
        if (done) return undefined;
        text += decoder.decode(value, { stream: true });
      }
    },
  };
}

function parse(block: string): StreamEvent {
  const fields = Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/s)));
  return { id: fields["id"], event: fields["event"], data: JSON.parse(fields["data"] ?? "null") };
}

const setSetting = (key: string) =>
  commitEffects(api.test, [{ type: "set-setting", key, value: "secret text" }]);

it("tells of a commit by its ids, never its text", async () => {
  api = await openTestApi();
  const stream = await open();
  expect(await stream.next()).toMatchObject({
    event: "change",
    data: { name: "connected", ids: [] },
  });
  await setSetting("a");
  const event = await stream.next();
  expect(event).toMatchObject({ event: "change", data: { name: "set-up", ids: ["settings:a"] } });
  expect(JSON.stringify(event)).not.toContain("secret text");
  await stream.close();
});

it("resumes after Last-Event-ID without a gap or a repeat, beyond one batch", async () => {
  api = await openTestApi();
  const first = await open();
  const start = (await first.next())?.id;
  await first.close();
  const keys = Array.from({ length: 450 }, (_, index) => `k${index}`);
  for (const key of keys) await setSetting(key);
  const again = await open({ "last-event-id": start ?? "" });
  await again.next();
  const seen: unknown[] = [];
  while (seen.length < keys.length) seen.push((await again.next())?.data["ids"]);
  expect(seen).toEqual(keys.map((key) => [`settings:${key}`]));
  await setSetting("live");
  const live = await again.next();
  expect(live?.data["ids"]).toEqual(["settings:live"]);
  const rows = await api.test.store.all(auditAfter, { seq: Number(live?.id) - 1, limit: 10 });
  expect(rows.map((row) => row.ids)).toEqual(["settings:live"]);
  await again.close();
});

it("shows drafts of one's own conversations only, the newest text of each", async () => {
  api = await openTestApi();
  await addUser(api.test, {
    id: "idn_other",
    userId: "usr_other",
    role: "member",
    displayName: "Other",
  });
  const context = (id: string, workspaceId: string) =>
    ({
      type: "create-context",
      id,
      workspaceId,
      address: { connector: "web", account: id, externalId: id },
      kind: "private",
      title: id,
    }) as const;
  await commitEffects(api.test, [
    context("ctx_own", "ws_usr_owner"),
    context("ctx_other", "ws_usr_other"),
  ]);
  const stream = await open();
  await stream.next();
  api.drafts.open({ contextId: "ctx_other", runId: "run_1" }).write("not yours");
  const own = api.drafts.open({ contextId: "ctx_own", runId: "run_2" });
  own.write("Hel");
  own.write("Hello");
  const hello = {
    id: undefined,
    event: "draft",
    data: { context_id: "ctx_own", run_id: "run_2", text: "Hello" },
  };
  expect(await stream.next()).toEqual(hello);

  // Who comes later sees what was written so far without waiting for more of it.
  const second = await open();
  expect(await second.next()).toMatchObject({ data: { name: "connected" } });
  expect(await second.next()).toEqual(hello);

  // A turn that has ended has no draft any more.
  own.end();
  const third = await open();
  await third.next();
  await setSetting("a");
  expect(await third.next()).toMatchObject({ event: "change" });
  for (const one of [stream, second, third]) await one.close();
});

it("begins at the newest row, and says so, when Last-Event-ID is ahead of the record", async () => {
  api = await openTestApi();
  const first = await open();
  const newest = (await first.next())?.id;
  await first.close();
  const ahead = await open({ "last-event-id": String(Number(newest) + 1_000) });
  expect(await ahead.next()).toEqual({
    id: newest,
    event: "change",
    data: { name: "connected", ids: [] },
  });
  await setSetting("a");
  expect(await ahead.next()).toMatchObject({
    id: String(Number(newest) + 1),
    data: { ids: ["settings:a"] },
  });
  await ahead.close();
});

it("a bad Last-Event-ID is a 400 and a stop ends open streams", async () => {
  api = await openTestApi();
  expect((await api.asOwner("/api/v1/events", { headers: { "last-event-id": "x" } })).status).toBe(
    400,
  );
  const stream = await open();
  await stream.next();
  await api.api.stop();
  expect(await stream.next()).toBeUndefined();
});
