import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EVE, openTriagedGroup, type TriagedGroup } from "../../test/support/open-triaged-group.ts";
import { formatButtonData } from "../core/delivery/button-data.ts";
import { queueReply } from "../core/delivery/queue-reply.ts";
import { buttons, doc } from "../core/rich-text/build.ts";
import { type ContextRow, contextByAddress } from "../store/queries/contexts.ts";

let gateway: TriagedGroup;
beforeEach(async () => {
  gateway = await openTriagedGroup();
});
afterEach(() => gateway.close());

const page = () => {
  const { userId } = gateway.owner;
  return { connector: "web", account: userId, externalId: userId } as const;
};

/** What the owner says on the page, or presses there. */
function onPage(text: string, pressId?: string) {
  const { identityId } = gateway.owner;
  const address = page();
  const sender = { externalUserId: identityId, displayName: "Owner" };
  const pressed =
    pressId === undefined ? {} : ({ isPressed: true, externalMessageId: pressId } as const);
  return gateway.say(text, { address, sender, ...pressed }, { identityId });
}

/** As a model would answer on the page, or with no run the runtime; the id of its button. */
async function offer(
  command: string,
  runId: string | null = "run_of_a_model",
  place?: ContextRow,
): Promise<string> {
  const context = place ?? (await gateway.store.first(contextByAddress, page()));
  if (context === undefined) throw new Error("no page");
  const reply = queueReply({
    context,
    body: doc(buttons({ label: "Help", command })),
    messageId: null,
    runId,
    taskId: null,
    replyToExternalId: null,
    now: gateway.clock.now(),
  });
  await gateway.commit("test-button", async () => ({ effects: [reply], seen: [] }));
  return formatButtonData(reply.id, 0);
}

describe("on the page", () => {
  it.each(["/approve k3v9-qd7m", "/deny k3v9-qd7m", "/prompt set be rude", "/settings triage off"])(
    "a button runs no %s, typing it does",
    async (command) => {
      const pressId = await offer(command);
      expect((await onPage(command, pressId)).message).toMatchObject({ reason: "typed_only" });
      expect((await onPage(command)).message.reason).not.toBe("typed_only");
    },
  );

  it("a button of an announcement routes a task, and no other does with the same command", async () => {
    const said = await gateway.overhear("the door is broken", EVE);
    const [told] = await gateway.announcements(said);
    const command = told?.buttons[0]?.command ?? "";
    const ours = formatButtonData(told?.id ?? "", 0);
    const forged = [await offer(command), formatButtonData(told?.id ?? "", 99), "page-1"];
    for (const pressId of forged) {
      expect((await onPage(command, pressId)).message).toMatchObject({ reason: "typed_only" });
    }
    const elsewhere = await offer(command, null, await gateway.contextAt("-123"));
    expect((await onPage(command, elsewhere)).message).toMatchObject({ reason: "typed_only" });
    expect(await gateway.taskOf(said)).toMatchObject({ status: "blocked" });
    expect((await onPage(command, ours)).message).toMatchObject({
      rule: "button:route",
      reason: null,
    });
    expect(await gateway.taskOf(said)).toMatchObject({ status: "queued" });
  });

  it("a button of ours says its own command, whatever the press claims", async () => {
    const said = await gateway.overhear("the door is broken", EVE);
    const [told] = await gateway.announcements(said);
    const other = `${told?.buttons[0]?.command} 2h`;
    const pressed = await onPage(other, formatButtonData(told?.id ?? "", 0));
    expect(pressed.message).toMatchObject({ reason: "typed_only" });
    expect(await gateway.taskOf(said)).toMatchObject({ status: "blocked" });
  });

  it("a button of an answer does what else it says", async () => {
    const pressId = await offer("/task water the plants");
    expect((await onPage("/task water the plants", pressId)).message).toMatchObject({
      rule: "button:task",
      outcome: "task",
    });
  });
});
