import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EVE, openTriagedGroup, type TriagedGroup } from "../../test/support/open-triaged-group.ts";
import { queueReply } from "../core/delivery/queue-reply.ts";
import { buttons, doc } from "../core/rich-text/build.ts";
import { contextByAddress } from "../store/queries/contexts.ts";

let gateway: TriagedGroup;
beforeEach(async () => {
  gateway = await openTriagedGroup();
});
afterEach(() => gateway.close());

const page = () => {
  const { userId } = gateway.owner;
  return { connector: "web", account: userId, externalId: userId } as const;
};

/** What the owner says on the page. */
function onPage(text: string, isPressed: boolean) {
  const { identityId } = gateway.owner;
  const address = page();
  const sender = { externalUserId: identityId, displayName: "Owner" };
  const pressed = isPressed ? ({ isPressed: true } as const) : {};
  return gateway.say(text, { address, sender, ...pressed }, { identityId });
}

/** As a model would answer on the page. */
async function modelOffers(command: string): Promise<void> {
  const context = await gateway.store.first(contextByAddress, page());
  if (context === undefined) throw new Error("no page");
  const reply = queueReply({
    context,
    body: doc(buttons({ label: "Help", command })),
    messageId: null,
    runId: "run_of_a_model",
    taskId: null,
    replyToExternalId: null,
    now: gateway.clock.now(),
  });
  await gateway.commit("test-button", async () => ({ effects: [reply], seen: [] }));
}

describe("on the page", () => {
  it.each(["/approve k3v9-qd7m", "/deny k3v9-qd7m", "/prompt set be rude", "/settings triage off"])(
    "a button runs no %s, typing it does",
    async (command) => {
      await modelOffers(command);
      expect((await onPage(command, true)).message).toMatchObject({ reason: "typed_only" });
      expect((await onPage(command, false)).message.reason).not.toBe("typed_only");
    },
  );

  it("a button of an announcement routes a task, and one that a model wrote does not", async () => {
    const said = await gateway.overhear("the door is broken", EVE);
    const [told] = await gateway.announcements(said);
    const command = told?.buttons[0]?.command ?? "";
    const other = `${command} 2h`;
    await modelOffers(other);
    expect((await onPage(other, true)).message).toMatchObject({ reason: "typed_only" });
    expect(await gateway.taskOf(said)).toMatchObject({ status: "blocked" });
    expect((await onPage(command, true)).message).toMatchObject({
      rule: "button:route",
      reason: null,
    });
    expect(await gateway.taskOf(said)).toMatchObject({ status: "queued" });
  });

  it("a button of an answer does what else it says", async () => {
    await modelOffers("/task water the plants");
    expect((await onPage("/task water the plants", true)).message).toMatchObject({
      rule: "button:task",
      outcome: "task",
    });
  });
});
