/** Who may read a reply: `paired`: only people somebody let in; `anybody`: others may be among them. */
export type Readers = "paired" | "anybody";

/**
 * Nobody knows who is in a group: whoever its admins on the platform took in, and whoever joins it later, reads on. A
 * group that an admin made a place of admins is vouched for: what strangers wrote, and the very cards of such answers,
 * are shown there anyway.
 */
export function readersOf(place: {
  readonly kind: "private" | "group";
  readonly isForAdmins: boolean;
}): Readers {
  return place.kind === "group" && !place.isForAdmins ? "anybody" : "paired";
}

/**
 * Whether a person must approve what an answer says before it is said. What a tainted run says to strangers is the same as
 * mail to them: it may carry out what it knows, or speak with the words of whoever led it there. No preset loosens that.
 */
export function needsApprovalToReply(reply: {
  readonly isTainted: boolean;
  readonly readers: Readers;
}): boolean {
  return reply.isTainted && reply.readers === "anybody";
}
