import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createDraftHub, type DraftHub } from "../../src/app/draft-hub.ts";
import type { Actor } from "../../src/core/access/actor.ts";
import type { Role } from "../../src/core/access/role.ts";
import { type Clock, systemClock } from "../../src/core/clock.ts";
import type { Effect } from "../../src/core/effect/effect.ts";
import { secretsEqual } from "../../src/core/ids.ts";
import { createRedactor } from "../../src/core/redact.ts";
import {
  createHttpApi,
  type HttpApi,
  type HttpApiOptions,
} from "../../src/http-api/create-http-api.ts";
import type { HttpApiPorts } from "../../src/http-api/ports.ts";
import { NO_CAPS } from "./no-caps.ts";
import { openTestStore, type TestStore } from "./open-test-store.ts";
import { OPEN_TO_ALL } from "./open-to-all.ts";

export const OWNER_TOKEN = "tok_owner";
export const OWNER: Actor = {
  id: "idn_owner",
  userId: "usr_owner",
  role: "overlord",
  displayName: "Owner",
};

export interface TestApi {
  readonly api: HttpApi;
  readonly url: string;
  readonly test: TestStore<Clock>;
  /** What was logged, as text. */
  readonly logged: string[];
  readonly drafts: DraftHub;
  /** A request with the owner's key. */
  asOwner(path: string, init?: RequestInit): Promise<Response>;
  postAsOwner(path: string, body: unknown): Promise<Response>;
  close(): Promise<void>;
}

type TestApiOptions = Partial<Omit<HttpApiOptions, "ports">> & { ports?: Partial<HttpApiPorts> };

/** The API on a free port over a real store with an owner in it; `addUser` tells how others come in. */
export async function openTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const test = await openTestStore({ clock: systemClock });
  const pageDirectory = mkdtempSync(join(tmpdir(), "agent-runtime-page-"));
  await addUser(test, OWNER);
  const logged: string[] = [];
  const drafts = createDraftHub(systemClock, createRedactor([]), { mode: "disabled", values: [] });
  const api = createHttpApi({
    store: test.store,
    clock: systemClock,
    log: {
      write: (level, message, fields) =>
        logged.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`),
    },
    version: "0.0.0-test",
    modelRules: OPEN_TO_ALL,
    twoPersonClasses: [],
    address: { host: "127.0.0.1", port: 0 },
    allowRemote: false,
    allowedHosts: [],
    pageDirectory,
    ...options,
    ports: {
      authenticate: async (token) => (secretsEqual(token, OWNER_TOKEN) ? OWNER : undefined),
      checkReadiness: async () => ({ isReady: true }),
      renderMetrics: async () => "",
      listChannels: () => [],
      modelName: () => "offline",
      spendRules: { caps: NO_CAPS, isPriced: () => true },
      readMcpServers: () => ({
        problem: undefined,
        roomProblem: undefined,
        changedFiles: [],
        servers: [],
      }),
      redact: (text) => text,
      drafts,
      judgePastCall: () => "gone",
      ...options.ports,
    },
  });
  const close = async (): Promise<void> => {
    await api.stop();
    rmSync(pageDirectory, { recursive: true, force: true });
    await test.close();
  };
  try {
    await api.start(new AbortController().signal);
  } catch (error) {
    await close();
    throw error;
  }
  const url = api.url();
  const asOwner = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${OWNER_TOKEN}`, ...init.headers },
    });
  return {
    api,
    url,
    test,
    logged,
    asOwner,
    drafts,
    postAsOwner: (path, body) =>
      asOwner(path, {
        method: "POST",
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      }),
    close,
  };
}

/** Puts a person with a workspace and an identity of the API into the store. */
export async function addUser(test: TestStore<Clock>, actor: Actor): Promise<void> {
  const { id, userId = "usr_nobody", displayName } = actor;
  const role: Role = actor.role ?? "member";
  const workspaceId = `ws_${userId}`;
  const effects: Effect[] = [
    { type: "create-workspace", id: workspaceId, name: displayName, ownerUserId: userId },
    { type: "create-user", id: userId, displayName, role, workspaceId },
    { type: "link-identity", id, userId, connector: "api", externalUserId: userId, displayName },
  ];
  await commitEffects(test, effects);
}

export async function commitEffects(
  test: TestStore<Clock>,
  effects: readonly Effect[],
): Promise<void> {
  const result = await test.store.commit({
    name: "set-up",
    actor: "system",
    cause: "set-up",
    now: test.clock.now(),
    effects,
  });
  if (result !== "committed")
    throw new Error(`set-up was not committed: ${JSON.stringify(result)}`);
}
