import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { NEVER } from "../core/abort.ts";
import { OFFLINE_PLAN } from "../core/model/model-plan.ts";
import { createModels } from "./open-models.ts";
import { streamModel } from "./stream-model.ts";

const elsewhere: string[] = [];
const other = createServer(({ headers }, response) => {
  elsewhere.push(JSON.stringify(headers));
  response.end();
});
const set = createServer((_request, response) => {
  const { port } = other.address() as AddressInfo;
  response.writeHead(307, { location: `http://127.0.0.1:${port}/v1/messages` }).end();
});
const both = [other, set];
beforeEach(async () => {
  for (const server of both)
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
});
afterEach(async () => {
  for (const server of both) await new Promise((done) => server.close(done));
});

test.each(["openai", "anthropic", "google", "openai-compatible"] as const)(
  "%s: neither a key nor a word follows a redirect",
  async (provider) => {
    const { port } = set.address() as AddressInfo;
    const endpoint = { baseUrl: `http://127.0.0.1:${port}/v1`, apiKey: "sk-secret" };
    const open = createModels({ ...OFFLINE_PLAN, endpoints: { [provider]: endpoint } });
    const model = await open({ provider, model: "m" });
    const request = { model, instructions: "", tools: [], maxOutputTokens: 10, onText: undefined };
    const asked = streamModel(
      { ...request, messages: [{ role: "user", content: "hello" }], onPart: () => undefined },
      NEVER,
    );
    await expect(asked).rejects.toMatchObject({ statusCode: 307 });
    expect(elsewhere).toEqual([]);
  },
);
