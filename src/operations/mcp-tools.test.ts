import { afterEach, beforeEach, expect, test } from "vitest";
import { type Gateway, openGateway } from "../../test/support/open-gateway.ts";
import { textOfRichText } from "../../test/support/text-of-rich-text.ts";
import { mcpToolById } from "../store/queries/mcp-tools.ts";
import { approveMcpTool } from "./approve-mcp-tool.ts";
import { recordMcpTools } from "./record-mcp-tools.ts";

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway();
});
afterEach(async () => {
  await gateway.work();
  await gateway.close();
});

const a = (digest: string, name = "read") => ({
  id: `mcp_files__${name}`,
  name,
  definition: `{"is":"${digest}"}`,
  digest,
});
/** What admins are told when the server lists this. */
async function list(...tools: ReturnType<typeof a>[]): Promise<string[]> {
  const told: string[] = [];
  await gateway.commit("record-mcp-tools", async () => {
    const decision = await recordMcpTools(gateway.deps(), { server: "files", tools });
    for (const effect of decision.effects)
      if (effect.type === "queue-delivery") told.push(textOfRichText(effect.body));
    return decision;
  });
  return told;
}
const stateOf = async (name = "read") => {
  const row = await gateway.store.first(mcpToolById, { id: `mcp_files__${name}` });
  return [row?.digest, row?.waiting_digest];
};

test("what a server lists at first came with the operator's decision; nobody is told", async () => {
  expect(await list(a("one"), a("two", "write"))).toEqual([]);
  expect(await stateOf()).toEqual(["one", null]);
  expect(await list(a("one"), a("two", "write"))).toEqual([]);
});

test("a change is told to admins once, however often the server changes it", async () => {
  await list(a("one"));
  const [told, ...more] = await list(a("other"), a("new", "send"));
  expect(more).toEqual([]);
  expect(told).toContain("mcp_files__read");
  expect(told).toContain("mcp_files__send");
  expect(told).toContain("agent-runtime mcp list");
  expect(await stateOf()).toEqual(["one", "other"]);
  expect(await stateOf("send")).toEqual([null, "new"]);
  expect(await list(a("third"), a("newer", "send"))).toEqual([]);
  expect(await stateOf()).toEqual(["one", "third"]);
  expect(await list(a("one"), a("newer", "send"))).toEqual([]);
  expect(await stateOf()).toEqual(["one", null]);
});

test("a server cannot fill the store with tools", async () => {
  await list(a("one"));
  await list(...Array.from({ length: 700 }, (_, n) => a("x", `t${n}`)));
  expect(await stateOf("t198")).toEqual([null, "x"]);
  expect(await stateOf("t199")).toEqual([undefined, undefined]);
});

test("an approval names what was read, and is an admin's", async () => {
  const digest = "0123456789abcdef";
  await list(a("one"));
  await list(a(digest));
  const { actor: admin } = await gateway.aPerson("admin");
  const { actor: member } = await gateway.aPerson("member", "8");
  const approve = (named: string, actor = admin, tool = "mcp_files__read") =>
    approveMcpTool(gateway.deps(), actor, { tool, digest: named });
  await expect(approve(digest, member)).rejects.toMatchObject({ code: "access_denied" });
  await expect(approve("0123")).rejects.toMatchObject({ code: "invalid_input" });
  await expect(approve("%".repeat(12))).rejects.toMatchObject({ code: "invalid_input" });
  await expect(approve("f".repeat(12))).rejects.toMatchObject({ code: "conflict" });
  await expect(approve(digest, admin, "mcp_x__y")).rejects.toMatchObject({ code: "not_found" });
  await gateway.commit("approve-mcp-tool", () => approve(digest.slice(0, 12)));
  expect(await stateOf()).toEqual([digest, null]);
  await expect(approve(digest)).rejects.toMatchObject({ code: "conflict" });
});
