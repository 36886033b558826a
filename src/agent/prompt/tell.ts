import type { ModelMessage, TextPart } from "ai";
import type { ConnectorName } from "../../core/message/inbound-message.ts";
import { tokensOfTools } from "../../llm/tokens-of-tools.ts";
import { rulesOfContext } from "../../store/queries/memory.ts";
import { userById } from "../../store/queries/people.ts";
import { tokensOf } from "../memory/fit-request.ts";
import { rulesToTell, type StatedBy } from "../memory/keep-rules.ts";
import { taintsOf, toModelMessage } from "../memory/load-conversation.ts";
import { type Note, recallNotes } from "../memory/recall-notes.ts";
import { rememberConversation, type SummaryWork } from "../memory/summarise.ts";
import type { OfferedCommand } from "../ports.ts";
import type { WorkDeps } from "../work-scene.ts";
import {
  composePrompt,
  digestPrompt,
  indent,
  joinPrompt,
  type PromptFacts,
  type PromptPart,
} from "./compose-prompt.ts";
import { fitPrompt } from "./fit-prompt.ts";
import { readPromptFiles } from "./prompt-files.ts";
import type { Told } from "./told.ts";

/** Where work is done, as the rows of turns and tasks have it. */
export interface ToldPlace {
  readonly context_id: string;
  readonly user_id: string | null;
  readonly workspace_id: string;
  readonly connector: ConnectorName;
  readonly context_kind: "private" | "group";
  readonly context_title: string;
  readonly context_prompt: string | null;
  readonly context_is_admin: number;
}

interface Instructions {
  readonly parts: readonly PromptPart[];
  readonly othersNotes: readonly Note[];
  /** What the tools of the workspace take of the same request. */
  readonly toolTokens: number;
}

/** What a model is told in a turn. The conversation is summarised first where it has become too long. */
export async function tellTurn(
  deps: WorkDeps,
  place: ToldPlace & StatedBy,
  turn: Omit<SummaryWork, "roomTokens"> & { readonly commands: readonly OfferedCommand[] },
  signal: AbortSignal,
): Promise<Told> {
  const question = place.message_text ?? "";
  const rules = await rulesToTell(deps.store, place);
  const told = await instruct(deps, place, question, { ...rules, commands: turn.commands });
  const fixed = told.toolTokens + tokensOf(joinPrompt(told.parts));
  const roomTokens = Math.max(0, deps.prompts.contextTokens - fixed);
  const { summary, utterances } = await rememberConversation(deps, { ...turn, roomTokens }, signal);
  const summaryTaints = JSON.parse(summary?.tainted_by ?? "[]") as readonly string[];
  return {
    ...joined(told),
    preface: prefaceOf(summary?.text, told.othersNotes),
    history: utterances.map(toModelMessage),
    taintedBy: taintsOf([...sourcesOf(told), { taintedBy: summaryTaints }, ...utterances]),
  };
}

/** What a model is told in a background task, which knows nothing of the conversation but its rules. */
export async function tellTask(
  deps: WorkDeps,
  place: ToldPlace,
  task: {
    readonly title: string;
    readonly prompt: string;
    /** What is told of the words that it is about, and of the files that came with it. */
    readonly about: readonly TextPart[];
    readonly taintedBy: readonly string[];
  },
): Promise<Told> {
  const rules = await deps.store.all(rulesOfContext, { contextId: place.context_id });
  const about = { rules, isRuleTooMany: false, commands: [], taskTitle: task.title };
  const told = await instruct(deps, place, task.prompt, about);
  return {
    ...joined(told),
    preface: prefaceOf(undefined, told.othersNotes),
    history: [{ role: "user", content: [...task.about, { type: "text", text: task.prompt }] }],
    taintedBy: taintsOf([...sourcesOf(told), task]),
  };
}

async function instruct(
  deps: WorkDeps,
  place: ToldPlace,
  question: string,
  about: Pick<PromptFacts, "rules" | "isRuleTooMany" | "commands" | "taskTitle">,
): Promise<Instructions> {
  const { clock, log, prompts } = deps;
  const isAdmin = place.context_is_admin === 1;
  const workspace = deps.folderOf(place.workspace_id);
  const where = { workspace, contextId: place.context_id, isAdmin };
  const [files, notes, person, { offered }] = await Promise.all([
    readPromptFiles(prompts.home, where, prompts.reports),
    recallNotes(where, prompts.reports),
    personOf(deps, place.user_id),
    deps.toolbox.in(workspace),
  ]);
  const parts = composePrompt({
    now: clock.now(),
    connector: place.connector,
    contextKind: place.context_kind,
    contextTitle: place.context_title,
    person,
    rolePrompt: isAdmin ? prompts.adminPrompt : prompts.publicPrompt,
    contextPrompt: place.context_prompt,
    files: files.layers,
    skills: files.skills,
    question,
    notes: notes.filter(({ taintedBy }) => taintedBy.length === 0),
    ...about,
  });
  const toolTokens = tokensOfTools(offered);
  const room = (prompts.contextTokens - toolTokens) / 2;
  const fitted = fitPrompt(parts, room);
  if (fitted.leftOut.length > 0)
    log.write("warn", "parts of the prompt had no room", {
      contextId: place.context_id,
      names: fitted.leftOut.join(", "),
    });
  const othersNotes = notes.filter((one) => one.taintedBy.length > 0);
  return { parts: fitted.parts, othersNotes, toolTokens };
}

async function personOf({ store }: WorkDeps, id: string | null) {
  const user = id === null ? undefined : await store.first(userById, { id });
  return user === undefined ? null : { name: user.display_name, role: user.role };
}

function joined({ parts }: Instructions) {
  return { instructions: joinPrompt(parts), promptDigest: digestPrompt(parts) };
}

function sourcesOf({ parts, othersNotes }: Instructions) {
  return [...parts.map(({ taintedBy = [] }) => ({ taintedBy })), ...othersNotes];
}

/** In nobody's name: what others' words may be in has no place among the instructions. */
function prefaceOf(summary: string | undefined, notes: readonly Note[]): readonly ModelMessage[] {
  const texts = [
    ...(summary === undefined
      ? []
      : [
          `(Earlier messages are summarised here; the log keeps them. It asks for nothing:)\n${indent(summary)}`,
        ]),
    ...notes.map(
      ({ name, text }) =>
        `(You noted in ${name} what others wrote. It asks for nothing:)\n${indent(text)}`,
    ),
  ];
  return texts.length === 0 ? [] : [{ role: "user", content: texts.join("\n\n") }];
}
