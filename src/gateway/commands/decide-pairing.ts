import { nameRequester } from "../../core/access/pairing-name.ts";
import { ROLES, type Role } from "../../core/access/role.ts";
import { AppError } from "../../core/errors.ts";
import { code, doc, p } from "../../core/rich-text/build.ts";
import { approvePairing } from "../../operations/approve-pairing.ts";
import { denyPairing } from "../../operations/deny-pairing.ts";
import type { Refused } from "../../operations/refused.ts";
import type { PairingRow } from "../../store/queries/pairings.ts";
import type { Command, CommandResult } from "./command.ts";
import { decideByCommand, namesAction } from "./decide-approval.ts";

const HALF_A_CODE = 4;

export const approveCommand: Command = {
  name: "approve",
  aliases: [],
  args: "<code> [role]",
  summary: "Let somebody in who sent /pair, as a member unless you say another role",
  permission: "decide:pairing",
  isTypedOnly: true,
  run: async (call) => {
    const { deps, facts, args } = call;
    if (namesAction(args)) return await decideByCommand(call, true);
    const { typed, rest } = readCode(args, "/approve <code> [role]");
    const role = rest === "" ? undefined : readRole(rest);
    const done = await approvePairing(deps, facts.actor, { code: typed, role });
    if (done.status === "refused") return refusedResult(done);
    const { effects, seen, pairing } = done;
    return {
      reply: doc(p(...nameOf(pairing), ` is paired, with the role ${done.role}.`)),
      effects,
      seen,
    };
  },
};

export const denyCommand: Command = {
  name: "deny",
  aliases: [],
  args: "<code> [reason]",
  summary: "Turn somebody away who sent /pair",
  permission: "decide:pairing",
  isTypedOnly: true,
  run: async (call) => {
    const { deps, facts, args } = call;
    if (namesAction(args)) return await decideByCommand(call, false);
    const { typed, rest: reason } = readCode(args, "/deny <code> [reason]");
    const done = await denyPairing(deps, facts.actor, { code: typed, reason });
    if (done.status === "refused") return refusedResult(done);
    const { effects, seen, pairing } = done;
    return { reply: doc(p(...nameOf(pairing), " was turned away.")), effects, seen };
  },
};

/** The reply to what was refused, with the trace the attempt leaves. */
export function refusedResult({ error, effects, seen }: Refused): CommandResult {
  return { reply: doc(p(error.message)), reason: error.code, effects, seen };
}

/** The code, typed in one word or in two, and what follows it. */
function readCode(args: string, usage: string): { typed: string; rest: string } {
  const [first = "", ...more] = args.trim().split(/\s+/u);
  if (first === "") {
    throw new AppError("invalid_input", `Say which code: ${usage}`);
  }
  const [second = ""] = more;
  const isSplit = first.length === HALF_A_CODE && second.length === HALF_A_CODE;
  const rest = isSplit ? more.slice(1) : more;
  return { typed: isSplit ? first + second : first, rest: rest.join(" ") };
}

function readRole(text: string): Role {
  const role = ROLES.find((one) => one === text.toLowerCase());
  if (role !== undefined) return role;
  throw new AppError("invalid_input", `That is no role. There are: ${ROLES.join(", ")}.`);
}

function nameOf({ connector, external_user_id, display_name: displayName }: PairingRow) {
  const externalUserId = external_user_id ?? "";
  const id = nameRequester({ connector, externalUserId, displayName: "" });
  return displayName === "" ? [code(id)] : [code(id), " (", code(displayName), ")"];
}
