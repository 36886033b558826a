import { sqliteBackend } from "./sqlite-backend.ts";
import { storeContract } from "./store-contract.ts";

storeContract(sqliteBackend);
