import type { Effect } from "../core/effect/effect.ts";
import { newId } from "../core/ids.ts";
import { PRIORITY } from "../core/job/lanes.ts";
import type { InboundFile } from "../core/message/inbound-file.ts";
import type { InboundMessage } from "../core/message/inbound-message.ts";
import type { OperationDeps } from "./operation.ts";

export interface ExpectedFiles {
  readonly files: readonly InboundFile[];
  readonly messageId: string;
  readonly context: { readonly id: string; readonly workspace_id: string };
  /** On whose account they are fetched: who sent them, or who set going what a stranger wrote. */
  readonly userId: string;
  /** Of the work that they are for: it begins after they are there, so its own job must come behind these. */
  readonly lane: string;
}

/** What came with a message, by its row. */
export function filesOfMessage({
  payload,
}: {
  readonly payload: string | null;
}): readonly InboundFile[] {
  return payload === null ? [] : ((JSON.parse(payload) as InboundMessage).files ?? []);
}

/** Has the files of a message fetched, one job each, before the work that it starts. */
export function expectFiles(
  { now }: Pick<OperationDeps, "now">,
  { files, messageId, context, userId, lane }: ExpectedFiles,
): readonly Effect[] {
  return files.flatMap((file): readonly Effect[] => {
    const id = newId("file");
    return [
      {
        type: "expect-file",
        id,
        messageId,
        workspaceId: context.workspace_id,
        contextId: context.id,
        userId,
        kind: file.kind,
        sourceId: file.sourceId,
        name: file.name,
        declaredBytes: file.sizeBytes,
      },
      {
        type: "enqueue-job",
        job: {
          id: newId("job"),
          kind: "save-file",
          payload: { fileId: id },
          lane,
          priority: PRIORITY.turn,
          runAtMs: now,
        },
      },
    ];
  });
}
