import { askService, type ServiceToAsk } from "../ask-service.ts";
import { type Check, fail, ok, warn } from "../check.ts";
import type { Extensions } from "../ports.ts";

interface ServedServer {
  readonly id: string;
  readonly state: string;
  readonly message: string;
  readonly problems: readonly string[];
  readonly tools: readonly { readonly name: string; readonly state: string }[];
}

/** What the operator has added, by its files, and how its servers are when the service runs. */
export async function checkExtensions(
  { mcp, plugins, actions, findRoomProblem }: Extensions,
  service: ServiceToAsk,
  isRunning: boolean,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const answer = isRunning ? await askService(service, "/api/v1/mcp", signal) : undefined;
  const served = Array.isArray(answer?.["items"]) ? (answer["items"] as ServedServer[]) : [];
  // Only the service knows the tools of MCP servers.
  const roomProblem = answer === undefined ? await findRoomProblem() : answer["room_problem"];
  return [
    ...(mcp.problem === undefined ? [] : [fail("mcp", mcp.problem)]),
    ...textsOf(answer?.["changed_files"]).map((file) =>
      warn(
        "extensions",
        `${file} has changed since the service was started. Restart it to use it.`,
      ),
    ),
    ...(typeof roomProblem === "string" ? [warn("tools", roomProblem)] : []),
    ...mcp.servers.flatMap(({ id, problem }) =>
      judgeServer(
        id,
        problem,
        served.find((one) => one.id === id),
      ),
    ),
    ...plugins.names.map((name) => ok("plugins", `${name} can be used.`)),
    ...plugins.problems.map((problem) => fail("plugins", problem)),
    ...actions.names.map((name) => ok("actions", `${name} can be set off.`)),
    ...actions.problems.map((problem) => fail("actions", problem)),
  ];
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function judgeServer(
  id: string,
  problem: string | undefined,
  served: ServedServer | undefined,
): readonly Check[] {
  if (problem !== undefined) return [fail("mcp", `${id} cannot be used. ${problem}`)];
  if (served === undefined) return [ok("mcp", `${id} is enabled.`)];
  const { state, message, problems, tools } = served;
  const waiting = tools.filter((tool) => tool.state !== "approved").length;
  const first = `${id} is ${state}. ${message}`.trim();
  return [
    state === "connected" ? ok("mcp", first) : warn("mcp", first),
    ...problems.map((one) => warn("mcp", `${id}: ${one}`)),
    ...(waiting === 0
      ? []
      : [
          warn(
            "mcp",
            `${id}: ${waiting} of its tools wait for an approval. See: agent-runtime mcp list`,
          ),
        ]),
  ];
}
