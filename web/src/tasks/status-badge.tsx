import { Badge } from "@mantine/core";
import type { TaskStatus } from "../../../src/core/task/task.ts";
import { STATUS_COLORS, STATUS_WORDS } from "./task-words.ts";

export function StatusBadge({ status }: { readonly status: TaskStatus }) {
  return (
    <Badge variant="light" size="sm" radius="sm" color={STATUS_COLORS[status]} tt="none" fw={600}>
      {STATUS_WORDS[status]}
    </Badge>
  );
}
