import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The crash suites take longest, and are small files, which come last by default: then one of them runs on alone. */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isSlow = ({ moduleId }: TestSpecification) => moduleId.includes("/test/crash/");
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}
