/**
 * How much of a processor's time `work` takes in this thread. Other work on the machine hardly counts, so a generous
 * bound tells an input that is read in linear time from one that is not.
 */
export function cpuMsOf(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}
