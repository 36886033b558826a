import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { startEchoWorkers } from "../../test/support/echo-workers.ts";
import {
  commitEffects,
  OWNER_TOKEN,
  openTestApi,
  type TestApi,
} from "../../test/support/open-test-api.ts";
import { newTypedCode } from "../core/access/one-time-code.ts";
import { AppError } from "../core/errors.ts";
import { createRuntimeClient } from "./runtime-client.ts";

let api: TestApi | undefined;
let server: Server | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
  server?.closeAllConnections();
  server?.close();
});

async function open() {
  const opened = await openTestApi();
  api = opened;
  return {
    api: opened,
    client: createRuntimeClient({ baseUrl: `${opened.url}/`, token: OWNER_TOKEN }),
  };
}

/** A server that is not ours. */
async function answer(status: number, body: string | undefined): Promise<string> {
  const opened = createServer((_request, response) => {
    if (body !== undefined) response.writeHead(status).end(body);
  });
  server = opened;
  await new Promise<void>((resolve) => opened.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(opened.address() as AddressInfo).port}`;
}

describe("every call", () => {
  it("speaks with the running service", async () => {
    const { api, client } = await open();
    const info = await client.info();
    expect(info).toMatchObject({
      name: "agent-runtime",
      version: "0.0.0-test",
      model: "offline",
      user: { role: "overlord" },
    });
    const task = await client.createTask({ prompt: "x" });
    expect((await client.getTask(task.id)).status).toBe("queued");
    expect((await client.listTasks({ limit: 5 })).items).toHaveLength(1);
    expect(await client.cancelTask(task.id)).toEqual({ task_id: task.id, status: "cancelled" });
    const posted = await client.postMessage({ message_id: "m", text: "hi" });
    const workers = await startEchoWorkers(api.test);
    const reply = await client.chat({ text: "hello", connector: "cli" });
    expect(reply.reply).toContain("You said: hello");
    expect((await client.readConversation()).items[0]?.id).toBe(posted.id);
    await workers.stop();
    const explanation = await client.explainMessage(reply.message_id.slice(-8));
    expect(explanation).toMatchObject({
      outcome: "answered",
      person: { display_name: "Owner" },
      message: { connector: "cli" },
    });
    expect(explanation.deliveries).toHaveLength(2);
    expect(explanation.lines.join("\n")).toContain("Outcome: answered.");
    const code = await client.createLoginCode();
    expect((await client.openSession(code.code)).user.display_name).toBe("Owner");
    await client.endSession();
  });

  it("lists, approves and denies pairings", async () => {
    const { api, client } = await open();
    const codes = [newTypedCode(), newTypedCode()];
    await commitEffects(
      api.test,
      codes.map((code, index) => ({
        type: "create-pairing" as const,
        id: `pair_${index}`,
        codeHash: code.hash,
        codeHint: code.hint,
        connector: "telegram",
        externalUserId: `${index}`,
        displayName: `Ada ${index}`,
        contextId: null,
        userId: null,
        role: null,
        slot: null,
        expiresAtMs: api.test.clock.now() + 60_000,
      })),
    );
    expect((await client.listPairings()).items.map((item) => item.display_name)).toEqual([
      "Ada 0",
      "Ada 1",
    ]);
    expect(await client.approvePairing({ token: codes[0]?.code ?? "" })).toMatchObject({
      status: "approved",
      role: "member",
    });
    expect(await client.denyPairing({ token: codes[1]?.code ?? "" })).toMatchObject({
      status: "denied",
    });
    expect((await client.listPairings()).count).toBe(0);
    await expect(client.approvePairing({ token: "nope-nope" })).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

describe("errors", () => {
  const failure = (work: Promise<unknown>): Promise<AppError> =>
    work.then(
      () => {
        throw new Error("it did not fail");
      },
      (error: unknown) => {
        expect(error).toBeInstanceOf(AppError);
        return error as AppError;
      },
    );

  it("have the code and the words of the service", async () => {
    const { api, client } = await open();
    expect(await failure(client.getTask("task_0000000000000000"))).toMatchObject({
      code: "not_found",
    });
    expect((await failure(client.createTask({ prompt: "" }))).message).toContain("prompt");
    const stranger = createRuntimeClient({ baseUrl: api.url, token: "wrong" });
    expect(await failure(stranger.info())).toMatchObject({ code: "unauthenticated" });
  });

  it("say in one sentence that nothing runs there", async () => {
    const url = await answer(200, "");
    await new Promise((resolve) => server?.close(resolve));
    const error = await failure(createRuntimeClient({ baseUrl: url }).info());
    expect(error.code).toBe("unavailable");
    expect(error.message).toBe(
      `No agent-runtime is running at ${url}. Start it with \`agent-runtime serve\`.`,
    );
  });

  it("tell a service that answers too late, and one that is not ours", async () => {
    const late = createRuntimeClient({ baseUrl: await answer(200, undefined), timeoutMs: 50 });
    expect((await failure(late.info())).message).toContain("did not answer in time");
    server?.closeAllConnections();
    server?.close();
    for (const body of ["<html>", "null", "{}", '{"items":[]}']) {
      const stranger = createRuntimeClient({ baseUrl: await answer(200, body) });
      expect((await failure(stranger.listTasks({}))).message).toContain("not agent-runtime");
      server?.closeAllConnections();
      server?.close();
    }
    const bad = await failure(createRuntimeClient({ baseUrl: await answer(502, "<html>") }).info());
    expect(bad).toMatchObject({
      code: "internal",
      message: "The service answered with HTTP status 502.",
    });
  });

  it("a cancelled call rejects with the reason it was cancelled for", async () => {
    const client = createRuntimeClient({ baseUrl: await answer(200, undefined) });
    const stop = new AbortController();
    const call = client.info(stop.signal);
    stop.abort(new Error("enough"));
    await expect(call).rejects.toThrow("enough");
  });
});
