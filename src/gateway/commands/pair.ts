import { toIso } from "../../core/clock.ts";
import { code, codeBlock, doc, p } from "../../core/rich-text/build.ts";
import { endShownLink } from "../../operations/end-shown-link.ts";
import { redeemOwnerLink } from "../../operations/redeem-owner-link.ts";
import { startPairing } from "../../operations/start-pairing.ts";
import type { Command, CommandCall, CommandResult } from "./command.ts";
import { refusedResult } from "./decide-pairing.ts";

export const pairCommand: Command = {
  name: "pair",
  aliases: ["start"],
  args: "",
  summary: "Ask for access, or show who you are here",
  permission: "anyone",
  run: async (call) => {
    const { person, actor, context } = call.facts;
    const typed = call.args.trim();
    if (typed !== "" && context.kind !== "private") return await endCode(call, typed);
    if (person !== undefined) {
      return {
        reply: doc(
          p(
            "You are paired as ",
            code(person.display_name),
            `, with the role ${actor.role ?? person.role}.`,
          ),
          p("Send ", code("/help"), " to see what you can do here."),
        ),
      };
    }
    if (context.kind !== "private") {
      return { reply: doc(p("Write to me in a private chat and send ", code("/pair"), " there.")) };
    }
    return typed === "" ? await askForAccess(call) : await redeemCode(call, typed);
  },
};

async function askForAccess(call: CommandCall): Promise<CommandResult> {
  const sender = senderOf(call);
  const pairing = await startPairing(call.deps, sender);
  return {
    reply: doc(
      p(
        "Your pairing code is ",
        code(pairing.code),
        ". It is good for 10 minutes, until ",
        minuteOf(pairing.expiresAtMs),
        " UTC.",
      ),
      p(
        "Give it to an admin of this runtime. They let you in as ",
        code(`${sender.connector} ${sender.externalUserId}`),
        " by sending me the first of these, or on the machine with the second:",
      ),
      codeBlock(`/approve ${pairing.code}\nagent-runtime pairing approve ${pairing.code}`),
    ),
    effects: pairing.effects,
    seen: pairing.seen,
  };
}

async function redeemCode(call: CommandCall, typed: string): Promise<CommandResult> {
  const link = await redeemOwnerLink(call.deps, { ...senderOf(call), code: typed });
  if (link.status === "refused") return refusedResult(link);
  const { effects, seen } = link;
  return {
    reply: doc(
      p("You are paired as ", code(link.displayName), `, with the role ${link.role}.`),
      p("Write to me as you would to a colleague, or send ", code("/help"), "."),
    ),
    effects,
    seen,
  };
}

async function endCode(call: CommandCall, typed: string): Promise<CommandResult> {
  const { connector, externalUserId } = senderOf(call);
  const by = `${connector}:${externalUserId}`;
  return refusedResult(await endShownLink(call.deps, { code: typed, by }));
}

function senderOf({ facts }: CommandCall) {
  const { message, context } = facts;
  return {
    connector: message.connector,
    externalUserId: message.sender_external_id ?? "",
    displayName: message.sender_name ?? "",
    contextId: context.id,
  };
}

/** `14:05` */
function minuteOf(atMs: number): string {
  return toIso(atMs).slice(11, 16);
}
