import type { Reporter, TestModule } from "vitest/node";

/** One line that `./dev test` adds up, and what failed. */
export default class Counting implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly { message: string }[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const failed = tests.filter((test) => test.result().state === "failed");
    const broken = modules.flatMap((module) => module.errors());
    for (const test of failed)
      console.log(
        `FAILED ${test.fullName}\n${test
          .result()
          .errors?.map((e) => e.stack ?? e.message)
          .join("\n")}`,
      );
    for (const error of [...errors, ...broken]) console.log(`BROKEN ${error.message}`);
    const passed = tests.filter((test) => test.result().state === "passed").length;
    console.log(`${passed} passed, ${failed.length + errors.length + broken.length} failed`);
  }
}
