import { accessGuardContract } from "../contracts/access-guard-contract.ts";
import { commitContract } from "../contracts/commit-contract.ts";
import { guardContract } from "../contracts/guard-contract.ts";
import { queueContract } from "../contracts/queue-contract.ts";
import { postgresBackend } from "./postgres-backend.ts";

const url = process.env["AGENT_RUNTIME_TEST_POSTGRES_URL"];
if (url === undefined)
  throw new Error("AGENT_RUNTIME_TEST_POSTGRES_URL is not set: run this through `make test-peers`");

commitContract(postgresBackend(url));
guardContract(postgresBackend(url));
accessGuardContract(postgresBackend(url));
queueContract(postgresBackend(url));
