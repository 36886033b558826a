import type { Routing } from "../triage/routing.ts";

export type RouteEffect = RouteTask | PrioritizeJob;

/** Says what a task is, how urgent and due when. Conflict when it is over. */
interface RouteTask extends Routing {
  readonly type: "route-task";
  readonly id: string;
  /** Of a task whose words name what it is; else they stay. */
  readonly words: {
    readonly title: string;
    readonly prompt: string;
    readonly sourceText: string;
  } | null;
}

/**
 * Gives a job another place among the heads of the lanes; within its lane nothing moves. One that runs keeps it for when
 * it is given back. Conflict when the job is gone or a dead letter.
 */
interface PrioritizeJob {
  readonly type: "prioritize-job";
  readonly jobId: string;
  /** Smaller first. */
  readonly priority: number;
}
