/** Every answer of the service carries it, so that a client knows that nobody else answers at that address. */
export const API_HEADER = "agent-runtime-api";
export const API_VERSION = "v1";
