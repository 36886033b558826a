import type { Config } from "../config/config.ts";
import { createBubblewrap } from "../sandbox/bubblewrap.ts";
import { rememberTool } from "../tools/admin/remember.ts";
import { inspectFileTool } from "../tools/code/inspect-file.ts";
import { runCodeTool } from "../tools/code/run-code.ts";
import { runCommandTool } from "../tools/code/run-command.ts";
import { fetchUrlTool } from "../tools/content/fetch-url.ts";
import { readMoreTool } from "../tools/content/read-more.ts";
import { webSearchTool } from "../tools/content/web-search.ts";
import { editFileTool } from "../tools/filesystem/edit-file.ts";
import { listFilesTool } from "../tools/filesystem/list-files.ts";
import { readFileTool } from "../tools/filesystem/read-file.ts";
import { writeFileTool } from "../tools/filesystem/write-file.ts";
import { httpRequestTool } from "../tools/network/http-request.ts";
import { sendEmailTool } from "../tools/network/send-email.ts";
import { createToolbox, type Toolbox } from "../tools/toolbox.ts";
import type { OpenedExtensions } from "./open-extensions.ts";

const COMMANDS = ["ls", "cat", "head", "tail", "wc", "grep", "find", "sort", "uniq", "diff"];

/** Every tool there is, put together. */
export function createTools(
  { tools, mail }: Pick<Config, "tools" | "mail">,
  added: Pick<OpenedExtensions, "tools" | "source">,
): Toolbox {
  const code = { sandbox: createBubblewrap(), allowedCommands: COMMANDS };
  const network = { allowedHosts: tools.allowedHosts };
  const from = mail.host === undefined ? undefined : mail.from;
  const builtIn = [
    readFileTool,
    listFilesTool,
    writeFileTool,
    editFileTool,
    fetchUrlTool(network),
    readMoreTool,
    rememberTool,
    webSearchTool(tools, network),
    httpRequestTool(network),
    sendEmailTool({ from, undoMs: tools.undoSeconds * 1_000 }),
    runCommandTool(code),
    runCodeTool(code, "python_code"),
    runCodeTool(code, "node_code"),
    inspectFileTool(code),
  ];
  return createToolbox([...builtIn, ...added.tools], [added.source]);
}
