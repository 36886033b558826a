import { afterEach, beforeEach, expect, it } from "vitest";
import { aConversation } from "../../../test/contracts/fixtures.ts";
import { aRun } from "../../../test/contracts/guard-rows.ts";
import { aReservation } from "../../../test/support/a-reservation.ts";
import { NO_CAPS } from "../../../test/support/no-caps.ts";
import { commitEffects, openTestApi, type TestApi } from "../../../test/support/open-test-api.ts";
import { spendReport } from "../../client/shapes/spend.ts";
import { newApiKey } from "../../core/access/api-key.ts";
import { spendDay } from "../../core/spend/spend-scope.ts";

let api: TestApi;
beforeEach(async () => {
  const spendRules = { caps: { ...NO_CAPS, daily: 5_000_000, key: 9 }, isPriced: () => false };
  api = await openTestApi({
    ports: {
      spendRules,
      authenticate: async (token) => ({
        id: token,
        userId: token.replace("idn", "usr"),
        role: token === "idn_owner" ? "overlord" : "member",
        displayName: "",
      }),
    },
  });
  const { hash, prefix } = newApiKey();
  await commitEffects(api.test, [
    { type: "create-workspace", id: "ws_key", name: "k", ownerUserId: null },
    {
      type: "create-user",
      id: "usr_key",
      displayName: "a key",
      role: "member",
      workspaceId: "ws_key",
    },
    {
      type: "link-identity",
      id: "idn_key",
      userId: "usr_key",
      connector: "api",
      externalUserId: "k",
      displayName: "a key",
    },
    {
      type: "create-key",
      id: "key_1",
      userId: "usr_key",
      name: "a key",
      prefix,
      hash,
      createdBy: "idn_owner",
    },
  ]);
});
afterEach(() => api.close());

async function read(who: string) {
  const headers = { authorization: `Bearer ${who}` };
  const response = await fetch(`${api.url}/api/v1/spend`, { headers });
  expect(response.status).toBe(200);
  return spendReport.parse(await response.json());
}

it("shows a key what was spent on its work against the cap of keys, and the owner everything", async () => {
  const { ids, effects } = aConversation();
  const run = aRun(ids);
  const day = spendDay(api.test.clock.now());
  const ofKey = { userId: "usr_key", keyId: "key_1", day, reservedMicroUsd: 7 };
  await commitEffects(api.test, [
    ...effects,
    run,
    { type: "move-run", id: run.id, from: ["queued"], to: "parked", model: null, error: null },
    aReservation({ runId: run.id, ...ids, ...ofKey }),
  ]);
  const own = await read("idn_key");
  expect(own).toMatchObject({
    day,
    of: "own",
    spent_micro_usd: 0,
    calls: 1,
    reserved_micro_usd: 7,
    people: [],
  });
  expect(own.caps).toEqual([
    {
      of: "key",
      spent_micro_usd: 0,
      reserved_micro_usd: 7,
      cap_micro_usd: 9,
      raised_micro_usd: 0,
    },
  ]);
  const all = await read("idn_owner");
  expect(all).toMatchObject({ of: "all", run_cap_micro_usd: null, has_more_work: false });
  expect(all.caps.map((cap) => [cap.of, cap.reserved_micro_usd, cap.cap_micro_usd])).toEqual([
    ["day", 7, 5_000_000],
    ["user", 0, null],
    ["workspace", 0, null],
  ]);
  expect(all.work).toEqual([
    { id: run.id, title: expect.any(String), is_task: false, calls: 1, spent_micro_usd: 0 },
  ]);
  expect(all.models).toMatchObject([{ model: "openai/gpt-6-sol", is_priced: false }]);
  expect(all.people).toMatchObject([{ user_id: "usr_key", display_name: "a key" }]);
});
