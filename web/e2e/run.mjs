// The page in a real browser on the real programs. Prints 'N passed, N failed'.
import { startBrowser } from "./browser.mjs";
import { Drover } from "./drover.mjs";
import { tests as runTests } from "./runs.mjs";
import { tests as ticketTests } from "./tickets.mjs";

const { browser, why } = await startBrowser();
if (!browser) {
  console.log(`skipped: ${why}\n0 passed, 0 failed`);
  process.exit(0);
}

let passed = 0;
let failed = 0;
const drover = new Drover();
try {
  drover.git("init", "-q", "-b", "main");
  drover.git("commit", "-q", "--allow-empty", "-m", "Begin");
  for (const [name, test] of [...ticketTests, ...runTests]) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    context.setDefaultTimeout(30_000);
    const page = await context.newPage();
    const troubles = [];
    page.on("pageerror", (e) => troubles.push(`error on the page: ${e.message}`));
    page.on("console", (m) => /Content Security Policy/.test(m.text()) && troubles.push(m.text()));
    try {
      await test({ drover, page, context });
      if (troubles.length > 0) throw new Error(troubles.join("\n"));
      passed++;
      console.log(`ok      ${name}`);
    } catch (e) {
      failed++;
      console.log(`FAILED  ${name}\n${e.stack}`);
      await page.screenshot({ path: `e2e/failed-${failed}.png` }).catch(() => undefined);
    } finally {
      await context.close();
    }
  }
} finally {
  await browser.close();
  await drover.dispose();
}

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
