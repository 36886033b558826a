import { existsSync, globSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type OpenMailServer, openMailServer } from "../../support/open-mail-server.ts";
import { openApiGate, type PassCall } from "../whole-runtime/api-gate.ts";
import type { World } from "../whole-runtime/scene.ts";
import { COUNTER_VARIABLE } from "./tools-model.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export interface CountingWorld extends World {
  /** The ids of posts that took effect, each as often as it did. */
  readonly posts: readonly string[];
  readonly mails: OpenMailServer["mails"];
  /** Lets code in the sandbox go on that waits to be seen, before its effect and after. */
  visitSandbox(): void;
}

/**
 * Who is touched by tools: a server that counts posts, a mail server, an MCP server that posts to the first. Each call
 * is a seam. What a person is asked about waits a day, calls of MCP an hour; posts and mail wait before they go; a model's answer costs, and a run may spend
 * what one dear answer does and not another one.
 */
export async function openWorld(pass: PassCall, dataDir: string): Promise<CountingWorld> {
  const posts: string[] = [];
  const counter = createServer((request, response) => {
    posts.push(String(request.url).split("/").at(-2) ?? "");
    request.resume();
    response.end("counted");
  });
  await new Promise<void>((ready) => counter.listen(0, "127.0.0.1", ready));
  const gate = await openApiGate((counter.address() as AddressInfo).port, pass);
  const mail = await openMailServer({ pass: (side) => pass("outside smtp", side) });
  return {
    program: here("./tools-program.ts"),
    posts,
    mails: mail.mails,
    visitSandbox() {
      for (const [side, sign] of [
        ["before", "begun"],
        ["after", "done"],
      ] as const) {
        for (const path of globSync(join(dataDir, "workspaces", "*", "scratch", `*.${sign}`))) {
          if (!existsSync(`${path}.seen`) && pass("outside sandbox", side))
            writeFileSync(`${path}.seen`, "");
        }
      }
    },
    env: {
      [COUNTER_VARIABLE]: gate.url,
      // At the second nobody listens.
      AGENT_RUNTIME_TOOLS_ALLOWED_HOSTS: `${new URL(gate.url).host},127.0.0.1:1`,
      AGENT_RUNTIME_SMTP_HOST: "127.0.0.1",
      AGENT_RUNTIME_SMTP_PORT: String(mail.port),
      AGENT_RUNTIME_SMTP_SECURITY: "none",
      AGENT_RUNTIME_SMTP_FROM: "agent@example.com",
      AGENT_RUNTIME_UNDO_SECONDS: "2",
      AGENT_RUNTIME_APPROVAL_HOURS: "24,mcp=1",
      AGENT_RUNTIME_LLM_PROVIDER: "openai",
      AGENT_RUNTIME_LLM_API_KEY: "sk-of-the-test",
      AGENT_RUNTIME_LLM_MODEL: "tools",
      AGENT_RUNTIME_LLM_MAX_OUTPUT_TOKENS: "256",
      AGENT_RUNTIME_SPEND_RUN_USD: "0.0006",
      // On a busy machine a day takes longer than a turn may.
      AGENT_RUNTIME_AGENT_MAX_TURN_DURATION_SECONDS: "3600",
      ...listExtensions(dataDir, gate.url),
    },
    async close() {
      counter.closeAllConnections();
      await Promise.all([gate.close(), mail.close(), new Promise((done) => counter.close(done))]);
    },
  };
}

/** What the operator has written: prices, and an MCP server. */
function listExtensions(dataDir: string, counterUrl: string): Readonly<Record<string, string>> {
  mkdirSync(dataDir, { recursive: true });
  const [prices, servers] = [join(dataDir, "prices.json"), join(dataDir, "servers.json")];
  writeFileSync(prices, JSON.stringify({ "openai/tools": { input: 0, output: 1 } }));
  const transport = {
    type: "stdio",
    command: process.execPath,
    args: [here("./counting-mcp-program.ts")],
    env: { [COUNTER_VARIABLE]: counterUrl },
  };
  const server = { id: "count", enabled: true, timeout_seconds: 60, transport };
  writeFileSync(servers, JSON.stringify({ servers: [server] }));
  return { AGENT_RUNTIME_PRICES_FILE: prices, AGENT_RUNTIME_MCP_CONFIG: servers };
}
