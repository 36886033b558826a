import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aGroup, type Gateway, openGateway } from "../../../test/support/open-gateway.ts";
import { ownWordsOf } from "../../../test/support/own-words-of.ts";
import { formatButtonData } from "../../core/delivery/button-data.ts";
import { queueReply } from "../../core/delivery/queue-reply.ts";
import type { InboundMessage } from "../../core/message/inbound-message.ts";
import { buttons, doc } from "../../core/rich-text/build.ts";
import type { RichText } from "../../core/rich-text/rich-text.ts";
import { toPlainText } from "../../core/rich-text/to-plain-text.ts";
import { contextById } from "../../store/queries/contexts.ts";
import { personByExternalId } from "../../store/queries/people.ts";

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway();
});
afterEach(() => gateway.close());

const from = (id: string, displayName = "Somebody"): Partial<InboundMessage> => ({
  address: { connector: "telegram", account: "900100", externalId: id },
  sender: { externalUserId: id, displayName },
});
const ann = () =>
  gateway.store.first(personByExternalId, { connector: "telegram", externalUserId: "42" });

async function annAsks(name = "Ann"): Promise<string> {
  const { replies } = await gateway.say("/pair", from("42", name));
  return /\/approve ([0-9a-z-]+)/u.exec(replies[0] ?? "")?.[1] ?? "";
}

describe("/approve and /deny", () => {
  it("let somebody in and tell whom by the id the platform vouches for", async () => {
    await gateway.aPerson("admin", "9");
    const code = await annAsks("telegram 9 (The admin)");
    const { message, replies } = await gateway.say(`/approve ${code}`, from("9"));
    expect(message).toMatchObject({ outcome: "answered", reason: null, rule: "command:approve" });
    expect(replies[0]).toBe(
      "telegram 42 (telegram 9 (The admin)) is paired, with the role member.",
    );
    expect(await ann()).toMatchObject({ role: "member" });
  });

  it("take a code in capitals or in two words, and a role", async () => {
    await gateway.aPerson("admin", "9");
    const code = (await annAsks()).toUpperCase().replace("-", " ");
    await gateway.say(`/approve  ${code}  Operator`, from("9"));
    expect(await ann()).toMatchObject({ role: "operator" });
  });

  it("turn somebody away, tell them why as the words of whoever did, and keep that", async () => {
    const admin = await gateway.aPerson("admin", "9");
    const code = await annAsks();
    const { replies } = await gateway.say(`/deny ${code} not one of us`, from("9"));
    expect(replies[0]).toBe("telegram 42 (Ann) was turned away.");
    const rows = await gateway.store.list((db) => db.selectFrom("pairings").selectAll());
    expect(rows[0]).toMatchObject({
      status: "denied",
      reason: "not one of us",
      decided_by: admin.identityId,
      approver_user_id: admin.userId,
    });
    const told = await gateway.store.list((db) =>
      db.selectFrom("deliveries").select("body").where("external_id", "=", "42").orderBy("seq"),
    );
    const body = JSON.parse(told.at(-1)?.body ?? "[]") as RichText;
    expect(toPlainText(body)).toBe(
      "Your pairing request was denied. The reason given: not one of us",
    );
    expect(ownWordsOf(body)).not.toContain("one of us");
    const again = await gateway.say(`/approve ${code}`, from("9"));
    expect(again.replies[0]).toContain("was denied");
    expect(await ann()).toBeUndefined();
  });

  it("turn somebody away without a reason, too", async () => {
    await gateway.aPerson("admin", "9");
    const { replies } = await gateway.say(`/deny ${await annAsks()}`, from("9"));
    expect(replies[0]).toBe("telegram 42 (Ann) was turned away.");
    const told = await gateway.store.list((db) =>
      db.selectFrom("deliveries").select("body").where("external_id", "=", "42").orderBy("seq"),
    );
    expect(toPlainText(JSON.parse(told.at(-1)?.body ?? "[]") as RichText)).toBe(
      "Your pairing request was denied.",
    );
  });

  it("answer what is wrong with a code, and count a guess", async () => {
    await gateway.aPerson("admin", "9");
    const code = await annAsks();
    const say = async (text: string) => {
      const { message, replies } = await gateway.say(text, from("9"));
      return [message.outcome, message.reason, replies[0]];
    };
    expect(await say("/approve")).toEqual([
      "answered",
      "invalid_input",
      "Say which code: /approve <code> [role]",
    ]);
    expect((await say(`/approve ${code} king`))[2]).toContain("overlord, admin, operator");
    expect((await say(`/approve ${code} overlord`))[1]).toBe("access_denied");
    for (let n = 0; n < 5; n += 1) expect((await say("/deny 0000-0000"))[1]).toBe("not_found");
    expect(await say(`/approve ${code}`)).toEqual([
      "answered",
      "rate_limited",
      expect.stringContaining("Too many wrong pairing codes."),
    ]);
    gateway.clock.advance(10 * 60_000);
    expect((await say(`/approve ${code}`))[2]).toContain("ran out at");
    expect(await ann()).toBeUndefined();
  });

  it.each(["operator", "member", "viewer"] as const)("do nothing for the role %s", async (role) => {
    await gateway.aPerson(role, "9");
    const code = await annAsks();
    for (const text of [`/approve ${code} viewer`, `/deny ${code}`]) {
      expect((await gateway.say(text, from("9"))).message.reason).toBe("access_denied");
    }
    expect((await gateway.say("/help", from("9"))).replies[0]).not.toContain("/approve");
    expect(await ann()).toBeUndefined();
  });

  it.each(["overlord", "admin"] as const)("are there for the role %s", async (role) => {
    await gateway.aPerson(role, "9");
    expect((await gateway.say("/help", from("9"))).replies[0]).toContain("/approve");
    await gateway.say(`/approve ${await annAsks()} ${role}`, from("9"));
    expect(await ann()).toMatchObject({ role });
  });

  it("do nothing for strangers, for people who call themselves the admin, and for anonymous admins", async () => {
    await gateway.aPerson("admin", "9");
    const code = await annAsks();
    const approve = (more: Partial<InboundMessage>) => gateway.say(`/approve ${code}`, more);
    const tried = [
      await approve(from("42", "Ann")),
      await approve(from("66", "The admin")),
      await approve({ ...aGroup(), ...{ sender: undefined } } as Partial<InboundMessage>),
      await approve({ ...aGroup(), sender: { externalUserId: "66", displayName: "9" } }),
    ];
    expect(tried.map(({ message }) => message.reason)).toEqual([
      "not_paired",
      "not_paired",
      "no_person",
      "not_paired",
    ]);
    expect(await ann()).toBeUndefined();
  });

  it("run by no button: its words may be a stranger's", async () => {
    await gateway.aPerson("admin", "9");
    const code = await annAsks();
    const { message } = await gateway.say("/status", from("9"));
    const context = await gateway.store.first(contextById, { id: message.context_id });
    if (context === undefined) throw new Error("no context");
    const reply = queueReply({
      context,
      body: doc(buttons({ label: "Show the weather", command: `/approve ${code} admin` })),
      messageId: null,
      runId: null,
      taskId: null,
      replyToExternalId: null,
      now: gateway.clock.now(),
    });
    await gateway.commit("test", async () => ({ effects: [reply], seen: [] }));
    const pressed = await gateway.say("", {
      ...from("9"),
      kind: "button",
      button: { data: formatButtonData(reply.id, 0), callbackId: "c" },
    });
    expect(pressed.message).toMatchObject({ outcome: "dropped", reason: "typed_only" });
    expect(await ann()).toBeUndefined();
  });
});
