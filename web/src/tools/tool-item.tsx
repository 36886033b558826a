import { Badge, Button } from "@mantine/core";
import type { McpToolView } from "../../../src/client/shapes/mcp.ts";
import { approveMcpTool } from "../api/mcp.ts";
import { DataBlock } from "../parts/data-block.tsx";
import { Item, ItemFacts } from "../parts/item.tsx";
import { Problem } from "../parts/problem.tsx";
import { useAction } from "../parts/use-action.ts";

interface ToolItemProps {
  readonly tool: McpToolView;
  readonly onDone: (sentence: string) => void;
}

/** A tool that cannot be used: what its server says of it now, beside what was approved. */
export function ToolItem({ tool, onDone }: ToolItemProps) {
  const { name, state, digest, definition, approved_definition: before } = tool;
  const action = useAction();

  function approve(): void {
    onDone("");
    action.run(async (signal) => {
      await approveMcpTool(name, digest, signal);
      onDone(`${name} can be used, exactly as it was shown.`);
      return undefined;
    });
  }

  return (
    <Item
      title={name}
      aside={
        <Badge variant="light" size="sm" radius="sm" color="orange" tt="none" fw={600}>
          {state === "new" ? "New" : "Changed"}
        </Badge>
      }
      buttons={
        <Button
          size="compact-sm"
          fw={500}
          loading={action.isBusy}
          aria-label={`Let ${name} be used so`}
          onClick={approve}
        >
          Let it be used so
        </Button>
      }
    >
      <ItemFacts isImportant>Its server says:</ItemFacts>
      <DataBlock of={JSON.parse(definition)} />
      {before !== null && (
        <>
          <ItemFacts isImportant>Approved was:</ItemFacts>
          <DataBlock of={JSON.parse(before)} />
        </>
      )}
      <Problem text={action.problem} />
    </Item>
  );
}
