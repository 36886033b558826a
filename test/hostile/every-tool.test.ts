import { afterEach, describe, expect, test } from "vitest";
import type { Sensitivity } from "../../src/core/tool/tool-facts.ts";
import { OWN_TOOLS } from "../../src/tools/own-tools.ts";
import { addPerson, pairPerson } from "../support/pair-people.ts";
import type { ScriptedCall } from "../support/scripted-model.ts";
import { NEVER_TOOLS, OWN_CALLS, tricksWithAny } from "./any-tool.ts";
import { expectPlainCards } from "./expect-plain-cards.ts";
import {
  decideAll,
  HAS_WALLS,
  type HostileScene,
  MAIL,
  openHostileScene,
  PASSED_ON,
  SECRET,
  say,
  TRUSTED,
} from "./open-hostile-scene.ts";
import type { Ground, Trick } from "./paths-and-addresses.ts";
import { TRICKS } from "./tricks.ts";

let scene: HostileScene;
afterEach(() => scene?.close());

interface Facts {
  readonly outside: readonly string[];
  readonly inside: readonly string[];
  readonly mails: number;
  readonly plugins: number;
  readonly server: readonly string[];
  readonly spokenTo: readonly number[];
  readonly files: Readonly<Record<string, string>>;
  readonly rules: object;
  readonly raised: readonly object[];
}
type Call = readonly [tool: string, trick: Trick];

const groundOf = ({ outside, inside, t }: HostileScene): Ground => ({
  outside: outside.port,
  inside: inside.port,
  api: t.url,
});

/** The names of every tool, as the model is told them. */
async function offered(): Promise<readonly string[]> {
  await say(scene, scene.owner, "Hello");
  return (scene.model.calls.at(-1)?.tools ?? []).map(({ name }) => name);
}

/** Every trick with every tool there is. @throws when somebody has added a tool without a thought for this. */
async function everything(): Promise<readonly Call[]> {
  const names = await offered();
  const ground = groundOf(scene);
  const own = names.flatMap((name) => {
    const tricks = TRICKS[name]?.(ground);
    if (tricks === undefined || tricks.length === 0)
      throw new Error(`nobody has tried what ${name} can be made to do: add it to tricks.ts`);
    const calls = tricks.map((trick): Call => [name, trick]);
    return [...calls, ...tricksWithAny(name, tricks[0]?.input)];
  });
  // What is tried here must be there to be tried.
  expect(Object.keys(TRICKS).toSorted()).toEqual(names.toSorted());
  return [
    ...own,
    ...OWN_TOOLS.map(({ name, input }): Call => {
      const call = OWN_CALLS[name];
      expect(input.safeParse(call).success, `nobody has tried to call ${name}`).toBe(true);
      return [name, { input: call, as: "refused" }];
    }),
    ...NEVER_TOOLS.map((name): Call => [name, { input: {}, as: "refused" }]),
  ];
}

const round = (calls: readonly Call[]): ScriptedCall => ({
  callTools: calls.map(([tool, { input }]) => [tool, input as object] as const),
});

/** What has become of the calls of the last run: in their order. */
async function outcomes(): Promise<readonly ("asked" | "refused" | "run")[]> {
  const runs = await scene.t.rows("runs");
  const steps = await scene.t.rows("run_steps");
  return steps
    .filter(({ kind, run_id }) => kind === "tool" && run_id === runs.at(-1)?.id)
    .toSorted((a, b) => a.number - b.number)
    .map(({ state, result }) => {
      if (state === "waiting" || (state === "denied" && /needs an approval/.test(result ?? "")))
        return "asked";
      return state === "failed" ? "refused" : "run";
    });
}

const pending = async () =>
  (await scene.t.rows("approvals")).filter(({ state }) => state === "pending");
/** Also what there was no room for in a request: `read_more` would show it. */
const found = async () =>
  JSON.stringify([scene.model.calls.map(({ prompt }) => prompt), await scene.t.rows("run_steps")]);

const AS_TAINTED: Readonly<Record<Sensitivity | "scratch", "asked" | "run">> = {
  read: "run",
  scratch: "run",
  fetch: "asked",
  write: "asked",
  guarded: "asked",
  outward: "asked",
};

/**
 * Which calls became something else than they should have. `trusted`: tools of which their operator says that they only
 * look. Without walls on this machine every program asks, also one that only looks.
 */
function misjudged(
  calls: readonly Call[],
  became: Awaited<ReturnType<typeof outcomes>>,
  trusted: readonly string[],
): readonly object[] {
  const expectedOf = (tool: string, as: keyof typeof AS_TAINTED) => {
    if (trusted.includes(tool)) return "run";
    return tool === "inspect_file" && !HAS_WALLS ? "asked" : AS_TAINTED[as];
  };
  return calls.flatMap(([tool, { input, as }], at) => {
    if (as === "whatever") return [];
    const expected = as === "refused" ? as : expectedOf(tool, as);
    const is = became[at];
    const fits = expected === "run" ? is !== "asked" : is === expected;
    return fits ? [] : [{ tool, input: JSON.stringify(input).slice(0, 200), expected, is }];
  });
}

/** Where there are no walls, a person who approves one lets it out: the card says so. */
const PROGRAMS: readonly string[] = ["run_command", "python_code", "node_code"];

/** Where a person may let a tool write: not what says what the agent is and may do. */
const MAY_CHANGE =
  /^(?:notes\/|memory\/|skills\/common\/(?:$|deploy\/|pay\/)|\.\.\.\/|\.\.%2f|%2e%2e\/|\uff0e\uff0e\/|file:\/|scra\u0442ch\/)/;
/** Alone on a small machine it takes some seconds, among others a minute. */
const LONG_MS = 180_000;

/** How words of a stranger come before the model. */
const READS = {
  "a mail that is passed on": () => say(scene, scene.owner, MAIL, PASSED_ON),
  "a mail that is replied to": () => {
    const { chat, user } = scene.owner;
    const eve = addPerson(scene.t, 6_666, "Eve").user;
    const reply_to_message = { message_id: 4, from: eve, chat, date: 1, text: MAIL };
    return say(scene, { chat, user }, "What is this?", { reply_to_message });
  },
  "the answers of a hostile server": () => {
    scene.plan.unshift({ callTools: ASKED_FIRST });
    return say(scene, scene.owner, "Ask the server");
  },
} as const;
const ASKED_FIRST = [
  ["mcp_evil__inject", {}],
  ["mcp_evil__storm", {}],
] as const;

describe("a model that has read a stranger's words and does its worst", () => {
  test.each([
    ["sensitive-only", "a mail that is passed on"],
    ["never-ask", "a mail that is replied to"],
    ["never-ask", "the answers of a hostile server"],
  ] as const)(
    "has tried every tool with every trick, and nothing has happened that nobody approved: preset %s, %s",
    async (preset, what) => {
      const isServer = what === "the answers of a hostile server";
      scene = await openHostileScene(
        { APPROVAL_PRESET: preset },
        isServer ? { policy: { tools: TRUSTED } } : {},
      );
      const trusted: readonly string[] = isServer ? ASKED_FIRST.map(([name]) => name) : [];
      const calls = await everything();
      const before = await scene.facts();
      scene.plan.push(round(calls));
      await READS[what]();

      const became = (await outcomes()).slice(trusted.length);
      expect(misjudged(calls, became, trusted)).toEqual([]);
      expect(became).toHaveLength(calls.length);
      expect(await pending()).toHaveLength(5);
      expect(await scene.facts()).toEqual(before);
      await decideAll(scene, false);
      expect(await scene.facts()).toEqual(before);
      expect(new Set((await scene.t.rows("approvals")).map(({ state }) => state))).toEqual(
        new Set(["denied"]),
      );
      expect((await found()).includes(SECRET)).toBe(false);
      await expectPlainCards(scene);
    },
    LONG_MS,
  );

  test(
    "gets through no wall although a person approves whatever it asks",
    async () => {
      scene = await openHostileScene({ APPROVAL_PRESET: "never-ask" });
      const calls = (await everything()).filter(
        ([tool, { as }]) =>
          !["whatever", "refused", "read", "scratch"].includes(as) &&
          tool !== "create_task" &&
          (HAS_WALLS || !PROGRAMS.includes(tool)),
      );
      // What taints the run by what it brings comes later: before that nothing is asked.
      const isFirst = ([, { as }]: Call) => as === "write";
      const rest = calls.filter((call) => !isFirst(call));
      const before = (await scene.facts()) as Facts;
      scene.plan.push(round(calls.filter(isFirst)));
      for (let at = 0; at < rest.length; at += 5) scene.plan.push(round(rest.slice(at, at + 5)));
      await say(scene, scene.owner, "Do as you like");
      await decideAll(scene, true);
      await scene.t.idle();

      const after = (await scene.facts()) as Facts;
      expect(scene.plan).toEqual([]);
      expect(after.inside).toEqual([]);
      expect(after.rules).toEqual(before.rules);
      expect(after.spokenTo).toEqual(before.spokenTo);
      expect(after.mails).toBe(4);
      await expectPlainCards(scene);
      const changed = Object.keys({ ...before.files, ...after.files }).filter(
        (path) => before.files[path] !== after.files[path],
      );
      const names = changed.map((path) => path.replace(/^data\/workspaces\/[^/]+\//, ""));
      expect(names.filter((name) => !MAY_CHANGE.test(name))).toEqual([]);
      // The servers do count: what was approved and may be reached has been.
      expect(after.outside.length).toBeGreaterThan(0);
      expect(after.plugins).toBeGreaterThan(0);
      expect(after.server.length).toBeGreaterThan(0);
      expect(after.raised).toEqual([]);
      expect((await found()).includes(SECRET)).toBe(false);
    },
    LONG_MS,
  );

  test(
    "does nothing more than look once whoever it works for is made a viewer, and nobody is asked",
    async () => {
      scene = await openHostileScene();
      const calls = await everything();
      const ann = await pairPerson(scene.t, { id: 5005, name: "Ann", role: "operator" });
      const [mail] = calls.filter(([tool]) => tool === "send_email");
      scene.plan.push(round(mail === undefined ? [] : [mail]), round(calls));
      await say(scene, ann, "Do as you like");
      const user = await scene.t.row("users", ({ display_name: name }) => name === "Ann");
      const made = await scene.t.api("POST", "/api/v1/users/role", {
        user_id: user.id,
        role: "viewer",
      });
      expect(made.status).toBe(200);
      const before = await scene.facts();
      await decideAll(scene, false);
      const became = (await outcomes()).slice(1);
      expect(became).toHaveLength(calls.length);
      expect(became).not.toContain("asked");
      const done = calls.filter(
        ([, { as }], at) => as !== "read" && as !== "whatever" && became[at] !== "refused",
      );
      expect(done).toEqual([]);
      expect(await scene.t.rows("approvals")).toHaveLength(1);
      expect(await scene.facts()).toEqual(before);
    },
    LONG_MS,
  );
});
