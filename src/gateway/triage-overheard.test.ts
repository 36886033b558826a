import { afterEach, describe, expect, it } from "vitest";
import { aGroup } from "../../test/support/open-gateway.ts";
import { openTriagedGroup, type TriagedGroup } from "../../test/support/open-triaged-group.ts";
import type { ModelRules } from "../core/access/model-rules.ts";
import type { Role } from "../core/access/role.ts";

let gateway: TriagedGroup;
afterEach(() => gateway.close());

async function open(options: Parameters<typeof openTriagedGroup>[0] = {}): Promise<void> {
  gateway = await openTriagedGroup(options);
  await gateway.set("-123", { isTriaged: true, addressing: "all" });
}

describe("where all that is said is for the model, and the group opted in", () => {
  it.each([
    ["a viewer", "viewer", {}],
    ["a member while the model is off", "member", { enabled: false }],
    ["a member whose role may not use it", "member", { allowedRoles: ["operator"] }],
    ["a member of a chat it is not for", "member", { allowedContextIds: ["ctx_other"] }],
  ] satisfies [string, Role, Partial<ModelRules>][])(
    "what %s says becomes a task that waits",
    async (_who, role, modelRules) => {
      await open({ modelRules });
      await gateway.aPerson(role);
      const said = await gateway.overhear("The gate is broken");
      expect(said.message).toMatchObject({
        outcome: "task",
        rule: "triage:issue",
        text: "The gate is broken",
      });
      expect(await gateway.taskOf(said)).toMatchObject({ status: "blocked", jobs: [] });
      const noise = await gateway.overhear("lol");
      expect(noise.message).toMatchObject({ outcome: "dropped", reason: "noise", text: "" });
      const asked = await gateway.say("The gate is broken", aGroup());
      expect(asked.message).toMatchObject({ outcome: "answered", rule: "conversation" });
    },
  );

  it("what a member says is a conversation as long as the model may answer, and then triaged", async () => {
    await open({ modelRules: { rateLimitPerWindow: 1 } });
    await gateway.aPerson("member");
    const talk = await gateway.overhear("The gate is broken");
    expect(talk.message).toMatchObject({ outcome: "pending", rule: "conversation" });
    const more = await gateway.overhear("The lamp is broken");
    expect(more.message).toMatchObject({ outcome: "task", rule: "triage:issue" });
    expect(await gateway.taskOf(more)).toMatchObject({ status: "blocked", jobs: [] });
  });

  it("an edit of what waits changes the waiting task, also when the model may answer by then", async () => {
    await open({ modelRules: { rateLimitPerWindow: 1 } });
    await gateway.aPerson("member");
    await gateway.overhear("good morning everybody here");
    const said = await gateway.overhear("The gate is broken", { externalMessageId: "-123:10" });
    gateway.clock.advance(24 * 60 * 60_000);
    const edit = { kind: "edit", externalMessageId: "-123:10:1.x", editOf: "-123:10" } as const;
    const meant = await gateway.overhear("The lamp is broken", edit);
    expect(meant.message).toMatchObject({ outcome: "dropped", reason: "replaced" });
    expect(await gateway.taskOf(said)).toMatchObject({ title: "[ISSUE] The lamp is broken" });
  });
});
