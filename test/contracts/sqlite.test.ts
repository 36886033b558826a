import { accessGuardContract } from "./access-guard-contract.ts";
import { commitContract } from "./commit-contract.ts";
import { guardContract } from "./guard-contract.ts";
import { queueContract } from "./queue-contract.ts";
import { sqliteBackend } from "./sqlite-backend.ts";

commitContract(sqliteBackend);
guardContract(sqliteBackend);
accessGuardContract(sqliteBackend);
queueContract(sqliteBackend);
