import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { RuntimeClient } from "../client/runtime-client.ts";
import type { Config } from "../config/config.ts";
import { AppError } from "../core/errors.ts";
import { printWarnings } from "./print.ts";
import { readConfig } from "./read-config.ts";

const API_URL = "AGENT_RUNTIME_ADMIN_API_URL";

/** Runs `work` with a client of the running service, with the owner's key.
 *  @throws AppError whose text says in one sentence when no service answers or it refuses the key */
export async function withRuntime<T>(work: (runtime: RuntimeClient) => Promise<T>): Promise<T> {
  const config = await readConfig();
  printWarnings(config.unknownNames);
  const baseUrl = await findUrl(config);
  const { createRuntimeClient } = await import("../client/runtime-client.ts");
  const token = findToken(config);
  const timeoutMs = config.admin.httpTimeoutSeconds * 1_000;
  const runtime = createRuntimeClient({
    baseUrl,
    timeoutMs,
    ...(token === undefined ? {} : { token }),
  });
  try {
    return await work(runtime);
  } catch (error) {
    throw describeFailure(error, baseUrl);
  }
}

/** The URL that was set, else the one the service wrote down, else the address it would take. */
async function findUrl(config: Config): Promise<string> {
  if (config.sources[API_URL] !== "default") return config.admin.apiUrl;
  const { readServedUrl } = await import("../app/served-address.ts");
  return readServedUrl(config.storage.dataDir) ?? config.admin.apiUrl;
}

/** Without one the service is still asked: its answer tells whether it runs at all. */
function findToken(config: Config): string | undefined {
  if (config.http.adminToken !== undefined) return config.http.adminToken;
  const file = join(config.storage.dataDir, "admin-token");
  try {
    return readFileSync(file, "utf8").trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unreadable(file, error);
  }
}

function unreadable(file: string, cause: unknown): AppError {
  const text = `${file} cannot be read by this account. Use the account that runs the service.`;
  return new AppError("access_denied", text, { cause });
}

/** `fetch` rejects with a TypeError when there was no HTTP answer at all. */
function describeFailure(error: unknown, baseUrl: string): unknown {
  if (!(error instanceof AppError)) return error;
  if (error.code === "unavailable" && error.cause instanceof TypeError) {
    return new AppError(
      "unavailable",
      `No runtime answers at ${baseUrl}. Start it with: npx agent-runtime serve`,
      {
        cause: error,
      },
    );
  }
  if (error.code === "unauthenticated") {
    return new AppError(
      "unauthenticated",
      `The runtime at ${baseUrl} does not accept the key. Set AGENT_RUNTIME_DATA_DIR to its data directory, or AGENT_RUNTIME_ADMIN_TOKEN to its admin token.`,
      { cause: error },
    );
  }
  return error;
}
