import type { FileFailure } from "../core/message/inbound-file.ts";
import { bold, buttons, code, doc, p } from "../core/rich-text/build.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import { WHY_FILE_FAILED } from "./describe-files.ts";
import { offeredButtons } from "./offered-buttons.ts";

/** Enough of an id to name it in a command. */
const TAIL_LENGTH = 8;

interface Answer {
  readonly text: string;
  readonly isCutOff: boolean;
}

/** Loads the Markdown parser with the first answer, not with the program. */
export async function answerReply(
  answer: Answer,
  mayOffer: (command: string) => boolean,
): Promise<RichText> {
  const { markdownToRichText } = await import("./markdown-to-rich-text.ts");
  const body = offeredButtons(markdownToRichText(answer.text), mayOffer);
  return answer.isCutOff ? [...body, p("(Cut off: the model reached its length limit.)")] : body;
}

export function turnStoppedReply(): RichText {
  return doc(p("Stopped."));
}

/** `why` is a sentence of ours, never the text of an error. */
export function turnFailedReply(why: string, messageId: string | null): RichText {
  return doc(p(`I could not answer this. ${why}`), ...explainPointer(messageId));
}

/** A title may be a stranger's words: in code no link, command or name in it can be tapped. */
export function taskEndedReply(title: string, isAllDone: boolean, answer: RichText): RichText {
  return [p(bold(isAllDone ? "Done: " : "Ended: "), code(title)), ...answer];
}

export function taskStoppedReply(title: string): RichText {
  return doc(p(bold("Stopped: "), code(title)));
}

export function taskFailedReply(
  task: { readonly id: string; readonly title: string; readonly messageId: string | null },
  why: string,
): RichText {
  return doc(
    p(bold("Failed: "), code(task.title)),
    p(`${why} The task is `, code(task.id), "."),
    ...explainPointer(task.messageId),
  );
}

/** What an admin is told of a failure elsewhere: where it was, and what the person was told there. */
export function adminNotice(chatTitle: string, told: RichText): RichText {
  return [p("In ", chatTitle === "" ? "a conversation" : code(chatTitle), ":"), ...told];
}

export function taskFileFailedReply(title: string): RichText {
  return doc(
    p(
      "The result of the task ",
      code(title),
      " could not be written to its file. The result itself is kept.",
    ),
  );
}

/** `reason` never is the text of an error. */
export function fileFailedReply(
  file: { readonly name: string | null; readonly kind: string },
  reason: Exclude<FileFailure, "cancelled">,
  maxPerDay: number,
): RichText {
  const what = file.name === null ? [`Your ${file.kind}`] : ["The file ", code(file.name)];
  return doc(p(...what, ` could not be saved. ${adviceFor(reason, maxPerDay)}`));
}

/** The name is a stranger's words: nothing in it can be tapped. */
export function fileOfTaskFailedNotice(
  file: {
    readonly name: string | null;
    readonly kind: string;
    readonly task_id: string | null;
  },
  reason: Exclude<FileFailure, "cancelled">,
): RichText {
  const { name, kind, task_id: taskId } = file;
  const why = WHY_FILE_FAILED[reason];
  return doc(
    p(
      name === null ? `The ${kind}` : "The file ",
      ...(name === null ? [] : [code(name)]),
      " of task ",
      code(taskId ?? ""),
      ` could not be saved: ${why}. The task goes on without it.`,
    ),
  );
}

function adviceFor(reason: Exclude<FileFailure, "cancelled">, maxPerDay: number): string {
  switch (reason) {
    case "too_large":
      return "It is larger than 20 MB: send it smaller, or in parts.";
    case "gone":
      return "It is no longer there: send it again.";
    case "unreachable":
      return "I asked for it more than once and did not get it: send it again later.";
    case "not_saved":
      return "My disk did not take it: send it again later.";
    case "daily_limit":
      return `I take ${maxPerDay} files a day from one person: send it again tomorrow.`;
  }
}

function explainPointer(messageId: string | null): RichText {
  if (messageId === null) return [];
  const command = `/explain ${messageId.slice(-TAIL_LENGTH)}`;
  return [p("To see what happened: ", code(command)), buttons({ label: "Explain", command })];
}
