import { afterEach, beforeEach, expect, it } from "vitest";
import { aGroup, type Gateway, openGateway } from "../../test/support/open-gateway.ts";

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway();
});
afterEach(() => gateway.close());

it("a command that is none of ours is left to other bots of a group, also where all is for us", async () => {
  await gateway.aPerson("admin");
  await gateway.say("/settings addressing all", aGroup());
  const overheard = { ...aGroup(), addressed: false };
  const foreign = await gateway.say("/weather tomorrow", overheard);
  expect(foreign.message).toMatchObject({ reason: "not_addressed", run_id: null, text: "" });
  expect(foreign.replies).toEqual([]);
  const ours = await gateway.say("/status", overheard);
  expect(ours.message).toMatchObject({ outcome: "answered", reason: null });
  const named = await gateway.say("/weather@helpful_bot", aGroup());
  expect(named.message.reason).toBe("unknown_command");
});
