import { afterEach, beforeEach, expect, it } from "vitest";
import { aGroup } from "../../test/support/open-gateway.ts";
import { openTriagedGroup, type TriagedGroup } from "../../test/support/open-triaged-group.ts";
import { ownWordsOf } from "../../test/support/own-words-of.ts";

const EVE = { sender: { externalUserId: "99", displayName: "Eve of evil.example" } };

let gateway: TriagedGroup;
beforeEach(async () => {
  gateway = await openTriagedGroup();
  await gateway.aPerson("admin");
});
afterEach(() => gateway.close());

async function ask(command: string, more: Parameters<TriagedGroup["say"]>[1] = {}) {
  const { bodies } = await gateway.say(command, more);
  const shown = JSON.stringify(bodies.map(({ body }) => body));
  return { shown, ownWords: bodies.map(({ body }) => ownWordsOf(body)).join("\n") };
}

it("what strangers wrote and call themselves is never said as words of ours", async () => {
  const files = [{ kind: "document", sourceId: "f", name: "evil.example", sizeBytes: 1 }] as const;
  const said = await gateway.overhear("evil.example is broken", { ...EVE, files });
  const { id } = await gateway.taskOf(said);
  for (const command of [
    "/task ask evil.example",
    "/tasks",
    "/cancel",
    "/status",
    `/explain ${said.message.id}`,
    `/route ${id} issue p1`,
    `/cancel ${id}`,
  ]) {
    const { shown, ownWords } = await ask(command, aGroup());
    expect([command, shown]).toEqual([command, expect.stringContaining("evil.example")]);
    expect([command, ownWords]).not.toEqual([command, expect.stringContaining("evil")]);
  }
});

it("nor is what somebody who asks to be let in calls themselves", async () => {
  const PRIVATE = {
    address: { connector: "telegram", account: "900100", externalId: "99" },
  } as const;
  const asked = await gateway.say("/pair", { ...EVE, ...PRIVATE });
  const code = /[0-9a-z]{4}-[0-9a-z]{4}/iu.exec(asked.replies[0] ?? "")?.[0] ?? "";
  const approved = await ask(`/approve ${code}`);
  expect(approved.shown).toContain("evil.example");
  expect(approved.ownWords).not.toContain("evil");
  const paired = await ask("/pair", { ...EVE, ...PRIVATE });
  expect(paired.shown).toContain("evil.example");
  expect(paired.ownWords).not.toContain("evil");
});
