import { z } from "zod";
import type { Tool } from "../tool.ts";
import type { McpConnection } from "./connection.ts";
import { flattenContents, flattenList, flattenMessages } from "./flatten-result.ts";
import { listAll } from "./list-tools.ts";
import { askServer, serverTool } from "./server-tool.ts";
import type { McpServer } from "./servers-file.ts";

const LONGEST_URI = 2_000;
const nothing = z.strictObject({});
const text = (said: string) => ({ text: said });

/** Tools for reading the resources of a server. */
export function resourceTools(server: McpServer, connection: McpConnection): readonly Tool[] {
  const { id, policy } = server;
  return [
    serverTool(server, connection, {
      name: `mcp_${id}__list_resources`,
      ownName: "list_resources",
      description: `Lists what the MCP server ${id} has to read, by address.`,
      input: nothing,
      sensitivity: "fetch",
      describe: () => `List the resources of the MCP server ${id}`,
      async ask(_input, asked, signal) {
        const fixed = await listAll(asked, "resources/list", "resources", signal);
        const open = await listAll(asked, "resources/templates/list", "resourceTemplates", signal);
        const fields = ["uri", "uriTemplate", "name", "description"];
        return text(fixed.error ?? flattenList([...fixed.items, ...open.items], fields));
      },
    }),
    serverTool(server, connection, {
      name: `mcp_${id}__read_resource`,
      ownName: "read_resource",
      description: `Reads something that mcp_${id}__list_resources lists.`,
      input: z.strictObject({ uri: z.string().min(1).max(LONGEST_URI) }),
      sensitivity: policy.resources,
      describe: ({ uri }) => `Read ${uri} of the MCP server ${id}`,
      ask: (input, asked, signal) =>
        askServer(
          asked,
          ["resources/read", input],
          (result) => text(flattenContents(result)),
          signal,
        ),
    }),
  ];
}

/** Tools for the prompts of a server. What they say is read, never obeyed. */
export function promptTools(server: McpServer, connection: McpConnection): readonly Tool[] {
  const { id, policy } = server;
  return [
    serverTool(server, connection, {
      name: `mcp_${id}__list_prompts`,
      ownName: "list_prompts",
      description: `Lists the texts that the MCP server ${id} has ready, by name.`,
      input: nothing,
      sensitivity: "fetch",
      describe: () => `List the prompts of the MCP server ${id}`,
      async ask(_input, asked, signal) {
        const { items, error } = await listAll(asked, "prompts/list", "prompts", signal);
        return text(error ?? flattenList(items, ["name", "description", "arguments"]));
      },
    }),
    serverTool(server, connection, {
      name: `mcp_${id}__get_prompt`,
      ownName: "get_prompt",
      description: `Reads a text that mcp_${id}__list_prompts lists.`,
      input: z.strictObject({
        name: z.string().min(1).max(200),
        arguments: z.record(z.string(), z.string()).default({}),
      }),
      sensitivity: policy.prompts,
      describe: (input) =>
        `Get the prompt ${JSON.stringify(input.name)} of the MCP server ${id} with ${JSON.stringify(input.arguments)}`,
      ask: (input, asked, signal) =>
        askServer(asked, ["prompts/get", input], (result) => text(flattenMessages(result)), signal),
    }),
  ];
}
