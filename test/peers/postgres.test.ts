import { storeContract } from "../contracts/store-contract.ts";
import { postgresBackend } from "./postgres-backend.ts";

const url = process.env["AGENT_RUNTIME_TEST_POSTGRES_URL"];
if (url === undefined)
  throw new Error("AGENT_RUNTIME_TEST_POSTGRES_URL is not set: run this through `make test-peers`");

storeContract(postgresBackend(url));
