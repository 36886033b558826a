import { toIso } from "../core/clock.ts";
import { stateInWords } from "../core/delivery/delivery.ts";
import { bold, code, doc, list, p } from "../core/rich-text/build.ts";
import type { Block } from "../core/rich-text/rich-text.ts";
import { measuresInWords } from "../core/run/step-measures.ts";
import { sizeInWords } from "../core/size-in-words.ts";
import type { ExplainedRun, Explanation } from "../operations/explain-message.ts";
import { isQuotedMessage } from "../operations/is-quoted-message.ts";
import type { RunRow } from "../store/queries/runs.ts";

/** An explanation for people to read in a chat. */
export function formatExplanation(explanation: Explanation, isBeforeGroup: boolean) {
  return doc(
    ...identityLines(explanation),
    ...fileLines(explanation),
    ...editLines(explanation),
    ...runLines("Turn", explanation.run, isBeforeGroup),
    ...taskLines(explanation),
    ...runLines("Run of the task", explanation.taskRun, isBeforeGroup),
    ...replyLines(explanation),
    ...jobLines(explanation),
    p(
      bold("Committed: "),
      [...new Set(explanation.commits.map(({ name }) => name))].join(", ") || "nothing",
    ),
  );
}

function identityLines({ message, person }: Explanation): Block[] {
  const who =
    person === undefined
      ? [message.sender_name === null ? "nobody" : code(message.sender_name), ", who is not paired"]
      : [code(person.displayName), ` (${person.role})`];
  const whose = isQuotedMessage(message) ? " in somebody else's words (forwarded)" : "";
  const outcome =
    message.reason === null ? message.outcome : `${message.outcome} (${message.reason})`;
  return [
    p(
      bold("Message "),
      code(message.id),
      " from ",
      ...who,
      `${whose}, received ${toIso(message.received_at_ms)}`,
    ),
    p(bold("Rule: "), message.rule ?? "not decided yet", ". ", bold("Outcome: "), outcome),
  ];
}

function fileLines({ files }: Explanation): Block[] {
  if (files.length === 0) return [];
  const lines = files.map(({ id, name, kind, state, reason, ...file }) =>
    p(
      code(id),
      ` ${state}${reason === null ? "" : ` (${reason})`}: `,
      name === null ? kind : code(name),
      ...(file.path === null
        ? []
        : [`, ${file.media_type}, ${sizeInWords(file.size_bytes ?? 0)}, `, code(file.path)]),
    ),
  );
  return [p(bold("Files:")), list(...lines)];
}

function editLines({ editOf, edits }: Explanation): Block[] {
  const of = editOf === undefined ? [] : [p(bold("Edit of message "), code(editOf))];
  const lines = edits.map(({ id, outcome, reason }) =>
    p(bold("Edited by "), code(id), `: ${outcome}${reason === null ? "" : ` (${reason})`}`),
  );
  return [...of, ...lines];
}

function runLines(
  title: string,
  explained: ExplainedRun | undefined,
  isBeforeGroup: boolean,
): Block[] {
  if (explained === undefined) return [];
  const { run, steps, measures } = explained;
  const model = run.model === null ? "" : ` with ${run.model}`;
  const error = run.error === null ? "" : ` (${run.error})`;
  const blocks: Block[] = [
    p(bold(`${title} `), code(run.id), ` ${run.state}${error}${model}${measuresInWords(measures)}`),
    ...toldLines(run, isBeforeGroup),
  ];
  if (steps.length > 0) {
    blocks.push(list(...steps.map((step) => stepLine(step, isBeforeGroup))));
  }
  return blocks;
}

/** What a provider said of a call that failed is somebody else's words: not before a group, and nothing in it can be tapped. */
function stepLine(step: ExplainedRun["steps"][number], isBeforeGroup: boolean): Block {
  const { number, kind, name, state, error, measures } = step;
  const said = error === null || isBeforeGroup ? [] : [": ", code(error)];
  return p(`Step ${number}: ${kind} ${name}, ${state}${measuresInWords(measures)}`, ...said);
}

const DIGITS = 12;

/** Before a group nobody reads what a run has read: addresses and names of files may say what strangers are not told. */
function toldLines(
  { prompt_digest: prompt, tools_digest: tools, ...run }: RunRow,
  isBeforeGroup: boolean,
) {
  const isChanged = run.first_prompt_digest !== prompt || run.first_tools_digest !== tools;
  const told =
    prompt === null
      ? []
      : [
          toldLine("Told: ", prompt, tools),
          ...(isChanged
            ? [toldLine("Told at first: ", run.first_prompt_digest, run.first_tools_digest)]
            : []),
        ];
  const by = JSON.parse(run.tainted_by) as readonly string[];
  if (by.length === 0) return told;
  const sources = isBeforeGroup
    ? [p("It has read what others wrote.")]
    : [p(bold("Tainted by:")), list(...by.map((line) => p(code(line))))];
  return [...told, ...sources];
}

function toldLine(title: string, prompt: string | null, tools: string | null): Block {
  return p(
    bold(title),
    "prompt ",
    code(shortly(prompt ?? "")),
    ", tools ",
    code(shortly(tools ?? "")),
  );
}

function shortly(digest: string): string {
  return digest.slice(0, DIGITS);
}

function taskLines({ task }: Explanation): Block[] {
  if (task === undefined) return [];
  const error = task.error_message === null ? "" : ` (${task.error_message})`;
  return [p(bold("Task "), code(task.id), ` ${task.status}${error}: `, code(task.title))];
}

function replyLines({ deliveries }: Explanation): Block[] {
  if (deliveries.length === 0) return [p(bold("Replies: "), "none")];
  const lines = deliveries.map((delivery) => {
    const mark = delivery.isMarked ? ", marked as repeated" : "";
    const error = delivery.error === null ? "" : ` (${delivery.error})`;
    const what = delivery.kind === "send" ? "" : ` (${delivery.kind})`;
    return p(code(delivery.id), `${what} ${stateInWords(delivery.state)}${mark}${error}`);
  });
  return [p(bold("Replies:")), list(...lines)];
}

function jobLines({ jobs }: Explanation): Block[] {
  if (jobs.length === 0) return [];
  const lines = jobs.map((job) => {
    const error = job.lastError === null ? "" : ` (${job.lastError})`;
    return p(
      `${job.kind} ${job.state === "dead" ? "dead letter" : job.state}, attempt ${job.attempts}${error}`,
    );
  });
  return [p(bold("Jobs:")), list(...lines)];
}
