import { Button } from "@mantine/core";
import { useState } from "react";
import type { McpServers } from "../../../src/client/shapes/mcp.ts";
import { readMcpServers } from "../api/mcp.ts";
import { createLiveList } from "../live/create-live-list.ts";
import { useObserved } from "../live/observable.ts";
import { useLive } from "../live/use-live.ts";
import { Item, ItemFacts } from "../parts/item.tsx";
import { PartList } from "../parts/part-list.tsx";
import { Problem } from "../parts/problem.tsx";
import { useAction } from "../parts/use-action.ts";
import { ViewPage } from "../parts/view-page.tsx";
import { ToolItem } from "./tool-item.tsx";

const TOPICS = ["mcp_tools"];

const readOnly = async (_cursor: string | undefined, signal: AbortSignal) => ({
  items: [await readMcpServers(signal)],
  next_cursor: null,
});

/** What the operator has added to the agent's tools: what of it waits to be looked at, and how its servers are. */
export function ToolsView() {
  const [all] = useState(() => createLiveList(readOnly));
  const { items, problem } = useObserved(all.state);
  const [done, setDone] = useState("");
  const again = useAction();
  useLive(TOPICS, all);
  const servers = items?.[0];

  function readAgain(): void {
    setDone("");
    again.run(async (signal) => {
      await all.reread(signal);
      return undefined;
    });
  }

  return (
    <ViewPage
      title="Tools"
      done={done}
      buttons={
        <Button variant="default" size="compact-sm" loading={again.isBusy} onClick={readAgain}>
          Look again
        </Button>
      }
    >
      <Problem text={again.problem ?? problem} />
      {servers !== undefined && <Servers of={servers} onDone={setDone} />}
    </ViewPage>
  );
}

interface ServersProps {
  readonly of: McpServers;
  readonly onDone: (sentence: string) => void;
}

function Servers({ of: servers, onDone }: ServersProps) {
  const waiting = servers.items.flatMap(({ tools }) =>
    tools.filter(({ state }) => state !== "approved"),
  );
  return (
    <>
      {servers.changed_files.map((file) => (
        <Problem key={file} text={`${file} has changed. Restart the service to use it.`} />
      ))}
      <Problem text={servers.problem ?? undefined} />
      <Problem text={servers.room_problem ?? undefined} />
      {waiting.length === 0 && <p>No tool of an MCP server waits for an approval.</p>}
      {servers.items.length === 0 && <p>No MCP server is enabled.</p>}
      <PartList title="New or changed">
        {waiting.map((tool) => (
          // What the server says by now is another thing to decide.
          <ToolItem key={`${tool.name} ${tool.digest}`} tool={tool} onDone={onDone} />
        ))}
      </PartList>
      <PartList title="MCP servers">
        {servers.items.map(({ id, state, message, problems, tools }) => (
          <Item key={id} title={id} aside={<span>{state}</span>}>
            <ItemFacts>{tools.length === 1 ? "1 tool" : `${tools.length} tools`}</ItemFacts>
            {[message, ...problems].filter(Boolean).map((text) => (
              <ItemFacts key={text} isImportant>
                {text}
              </ItemFacts>
            ))}
          </Item>
        ))}
      </PartList>
    </>
  );
}
