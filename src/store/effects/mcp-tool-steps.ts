import type { EffectOf } from "../../core/effect/effect.ts";
import { statement } from "../statement.ts";
import type { McpToolsTable } from "../tables/mcp-tools.ts";
import type { CommitFacts } from "./commit-facts.ts";
import { type CompiledEffect, write } from "./step.ts";

const insertTool = statement((db, p: Omit<McpToolsTable, "approved_by" | "version">) =>
  db
    .insertInto("mcp_tools")
    .values((eb) => ({
      id: p.id,
      server: p.server,
      name: p.name,
      definition: p.definition,
      digest: p.digest,
      waiting_definition: p.waiting_definition,
      waiting_digest: p.waiting_digest,
      approved_by: null,
      approved_at_ms: p.approved_at_ms,
      created_at_ms: p.created_at_ms,
      version: eb.lit(1),
    }))
    .onConflict((oc) => oc.doNothing()),
);

const changeTool = statement(
  (db, p: Pick<McpToolsTable, "id" | "waiting_definition" | "waiting_digest"> & { from: number }) =>
    db
      .updateTable("mcp_tools")
      .set((eb) => ({
        waiting_definition: p.waiting_definition,
        waiting_digest: p.waiting_digest,
        version: eb("version", "+", eb.lit(1)),
      }))
      .where("id", "=", p.id)
      .where("version", "=", p.from),
);

const approveTool = statement(
  (db, p: { id: string; digest: string; approvedBy: string; now: number }) =>
    db
      .updateTable("mcp_tools")
      .set((eb) => ({
        definition: eb.ref("waiting_definition"),
        digest: p.digest,
        waiting_definition: null,
        waiting_digest: null,
        approved_by: p.approvedBy,
        approved_at_ms: p.now,
        version: eb("version", "+", eb.lit(1)),
      }))
      .where("id", "=", p.id)
      .where("waiting_digest", "=", p.digest),
);

export const mcpToolSteps = {
  "pin-mcp-tool": (e: EffectOf<"pin-mcp-tool">, { now }: CommitFacts): CompiledEffect => {
    const [approved, waiting] = e.isApproved ? [e, undefined] : [undefined, e];
    return {
      steps: [
        write(insertTool, {
          id: e.id,
          server: e.server,
          name: e.name,
          definition: approved?.definition ?? null,
          digest: approved?.digest ?? null,
          waiting_definition: waiting?.definition ?? null,
          waiting_digest: waiting?.digest ?? null,
          approved_at_ms: e.isApproved ? now : null,
          created_at_ms: now,
        }),
      ],
      changes: [{ topic: "mcp_tools", id: e.id }],
    };
  },
  "change-mcp-tool": (e: EffectOf<"change-mcp-tool">): CompiledEffect => ({
    steps: [
      write(changeTool, {
        id: e.id,
        from: e.fromVersion,
        waiting_definition: e.to?.definition ?? null,
        waiting_digest: e.to?.digest ?? null,
      }),
    ],
    changes: [{ topic: "mcp_tools", id: e.id }],
  }),
  "approve-mcp-tool": (e: EffectOf<"approve-mcp-tool">, { now }: CommitFacts): CompiledEffect => ({
    steps: [write(approveTool, { id: e.id, digest: e.digest, approvedBy: e.approvedBy, now })],
    changes: [{ topic: "mcp_tools", id: e.id }],
  }),
};
