import type { EffectOf } from "../../core/effect/effect.ts";
import { statement } from "../statement.ts";
import type { FilesTable } from "../tables/files.ts";
import type { CommitFacts } from "./commit-facts.ts";
import { type CompiledEffect, write } from "./step.ts";

type NewFile = Pick<
  FilesTable,
  | "id"
  | "message_id"
  | "workspace_id"
  | "context_id"
  | "user_id"
  | "kind"
  | "source_id"
  | "name"
  | "declared_bytes"
  | "cause"
  | "created_at_ms"
>;
const insertFile = statement((db, p: NewFile) =>
  db
    .insertInto("files")
    .values((eb) => ({
      id: p.id,
      message_id: p.message_id,
      workspace_id: p.workspace_id,
      context_id: p.context_id,
      user_id: p.user_id,
      kind: p.kind,
      source_id: p.source_id,
      name: p.name,
      declared_bytes: p.declared_bytes,
      state: "waiting",
      taint: eb.lit(1),
      cause: p.cause,
      created_at_ms: p.created_at_ms,
    }))
    .onConflict((oc) => oc.column("id").doNothing()),
);

type SettledFile = Pick<
  FilesTable,
  "id" | "reason" | "path" | "sha256" | "size_bytes" | "media_type"
> & { state: "saved" | "failed"; now: number };
const settleFile = statement((db, p: SettledFile) =>
  db
    .updateTable("files")
    .set({
      state: p.state,
      reason: p.reason,
      path: p.path,
      sha256: p.sha256,
      size_bytes: p.size_bytes,
      media_type: p.media_type,
      settled_at_ms: p.now,
    })
    .where("id", "=", p.id)
    .where("state", "=", "waiting"),
);

const NOTHING = { path: null, sha256: null, size_bytes: null, media_type: null } as const;

function changed(id: string, step: ReturnType<typeof write>): CompiledEffect {
  return { steps: [step], changes: [{ topic: "files", id }] };
}

export const fileSteps = {
  "expect-file": (e: EffectOf<"expect-file">, { now, cause }: CommitFacts): CompiledEffect =>
    changed(
      e.id,
      write(insertFile, {
        id: e.id,
        message_id: e.messageId,
        workspace_id: e.workspaceId,
        context_id: e.contextId,
        user_id: e.userId,
        kind: e.kind,
        source_id: e.sourceId,
        name: e.name,
        declared_bytes: e.declaredBytes,
        cause,
        created_at_ms: now,
      }),
    ),
  "save-file": (e: EffectOf<"save-file">, { now }: CommitFacts): CompiledEffect =>
    changed(
      e.id,
      write(settleFile, {
        id: e.id,
        state: "saved",
        reason: null,
        path: e.path,
        sha256: e.sha256,
        size_bytes: e.sizeBytes,
        media_type: e.mediaType,
        now,
      }),
    ),
  "fail-file": (e: EffectOf<"fail-file">, { now }: CommitFacts): CompiledEffect =>
    changed(
      e.id,
      write(settleFile, { id: e.id, state: "failed", reason: e.reason, ...NOTHING, now }),
    ),
};
