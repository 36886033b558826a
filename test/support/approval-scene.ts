import { globSync } from "node:fs";
import { join } from "node:path";
import type { TestRuntime } from "./open-test-runtime.ts";

/** Every call is asked about. */
export const ASK_ALL = { APPROVAL_PRESET: "always-ask" };
export const NOTE = { path: "notes.md", content: "hello" };
/** A model that writes a note, and then says so. */
export const WRITES = [{ callTool: "write_file", input: NOTE }, { text: "That is all." }] as const;

/** What tests of approvals ask of the runtime that is there when they do. */
export function approvalScene(runtime: () => TestRuntime) {
  const pending = () => runtime().row("approvals", ({ state }) => state === "pending");
  return {
    pending,
    chat: (body: object = {}) =>
      runtime().api("POST", "/api/v1/chat", { text: "write it down", message_id: "m1", ...body }),
    decide: (id: string, approved: boolean, note?: string) =>
      runtime().api("POST", `/api/v1/approvals/${id}/decision`, {
        approved,
        ...(note === undefined ? {} : { note }),
      }),
    /** The approval that the parked run waits for. */
    async parked() {
      const approval = await pending();
      await runtime().row("runs", ({ state }) => state === "parked");
      return approval;
    },
    over: () => runtime().row("runs", ({ finished_at_ms: at }) => at !== null),
    written: () => globSync(join(runtime().dataDir, "**/notes.md")),
  };
}
