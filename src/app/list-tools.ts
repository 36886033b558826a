import type { ModelRules } from "../core/access/model-rules.ts";
import type { Action } from "../tools/admin/action.ts";
import { createTaskTool } from "../tools/admin/create-task.ts";
import { draftEscalationTool } from "../tools/admin/draft-escalation.ts";
import { draftFaqAnswerTool } from "../tools/admin/draft-faq-answer.ts";
import { learnSkillTool } from "../tools/admin/learn-skill.ts";
import { lookupTaskTool } from "../tools/admin/lookup-task.ts";
import { moderationTriageTool } from "../tools/admin/moderation-triage.ts";
import { rememberTool } from "../tools/admin/remember.ts";
import { runActionTool } from "../tools/admin/run-action.ts";
import { updateTaskTool } from "../tools/admin/update-task.ts";
import { inspectFileTool } from "../tools/code/inspect-file.ts";
import { runCodeTool } from "../tools/code/run-code.ts";
import { runCommandTool } from "../tools/code/run-command.ts";
import type { CodeDeps } from "../tools/code/run-in-sandbox.ts";
import { fetchUrlTool } from "../tools/content/fetch-url.ts";
import { readMoreTool } from "../tools/content/read-more.ts";
import { type SearchEngines, webSearchTool } from "../tools/content/web-search.ts";
import { editFileTool } from "../tools/filesystem/edit-file.ts";
import { listFilesTool } from "../tools/filesystem/list-files.ts";
import { readFileTool } from "../tools/filesystem/read-file.ts";
import { writeFileTool } from "../tools/filesystem/write-file.ts";
import { httpRequestTool } from "../tools/network/http-request.ts";
import { type MailOut, sendEmailTool } from "../tools/network/send-email.ts";
import type { Network } from "../tools/network/send-request.ts";
import type { Tool } from "../tools/tool.ts";

export interface ToolParts {
  readonly code: CodeDeps;
  /** Off: nothing that runs a program. */
  readonly runsPrograms: boolean;
  readonly search: SearchEngines;
  readonly network: Network;
  readonly mail: MailOut;
  readonly modelRules: ModelRules;
  /** Without any there is nothing to set off, and no tool for it. */
  readonly actions: readonly Action[];
  /** Where the operator's skills for all workspaces are. */
  readonly skillsRoot: string;
}

/** Every tool that comes with the runtime: the one list for the agent, the docs and the tests. */
export function listTools(parts: ToolParts): readonly Tool[] {
  const { code, network, runsPrograms } = parts;
  const actions = parts.actions.filter(({ does }) => runsPrograms || does.kind !== "command");
  return [
    fetchUrlTool(network),
    webSearchTool(parts.search, network),
    readMoreTool,
    httpRequestTool(network),
    sendEmailTool(parts.mail),
    ...(runsPrograms ? codeTools(code) : []),
    readFileTool,
    writeFileTool(code.limits),
    editFileTool(code.limits),
    listFilesTool,
    createTaskTool(parts),
    updateTaskTool(parts),
    lookupTaskTool,
    learnSkillTool(parts),
    rememberTool,
    moderationTriageTool,
    draftEscalationTool,
    draftFaqAnswerTool,
    ...(actions.length === 0 ? [] : [runActionTool({ ...parts, actions })]),
  ];
}

function codeTools(code: CodeDeps): readonly Tool[] {
  return [
    runCommandTool(code),
    runCodeTool(code, "python_code"),
    runCodeTool(code, "node_code"),
    inspectFileTool(code),
  ];
}
