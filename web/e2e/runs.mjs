import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rehearsal } from "./drover.mjs";
import { enter } from "./tickets.mjs";

const long = 20_000;

/** Three things to do: one that is steered and waits for a file, one that never ends by itself, one that says very much. */
const script = (gate) => `
rules:
  - when: Greet slowly
    turns:
      - - think: Where may the greeting live?
        - tool: {run: "echo '<b>found</b> src/greet.sh'"}
        - say: {text: "I will write the greeting ${"word by word ".repeat(15)}and so you can read along.", chunk: 4, delay: 150ms}
        - wait_for: ${gate}
        - edit: {path: hello.txt, content: "hello\\n"}
        - commit: Say hello
        - say: The greeting is written.
    default: [{say: I have read your message.}]
  - when: Never end
    turns: [[{say: I begin.}, {hang: }]]
  - when: Say much
    turns:
      - - repeat: {times: ${long}, steps: [{say: "Line \${i} of many"}]}
        - edit: {path: much.txt, content: "much\\n"}
        - commit: Say much
steps: [{say: I know nothing of this.}]
`;

const settings = (file) => `
agents:
  coder:
    adapter: claude
    count: 3
    command: ${JSON.stringify([...rehearsal, "--script", file])}
merge: never
`;

/** Gives the project its roster; the server reads it from the target branch. */
function engage(drover) {
  const gate = join(drover.place, "go");
  if (!existsSync(join(drover.repository, "drover.yaml"))) {
    const file = join(drover.place, "script.yaml");
    writeFileSync(file, script(gate));
    writeFileSync(join(drover.repository, "drover.yaml"), settings(file));
    drover.git("add", "drover.yaml");
    drover.git("commit", "-q", "-m", "The roster");
  }

  return gate;
}

async function begin(drover, title) {
  const { key } = await drover.json("ticket", "add", "--title", title);
  const { run } = await drover.json("run", "start", key);
  return { key, run };
}

const transcript = (page) => page.locator("section.transcript");
const status = (page, word) => page.locator(".run-head .status").getByText(word, { exact: true });

export const tests = [
  [
    "a run is opened from its ticket, shows what the agent is writing, takes a message, and shows how it ended",
    async ({ drover, page }) => {
      const gate = engage(drover);
      await enter({ drover, page });
      const { key, run } = await begin(drover, "Greet slowly");
      await page.locator(`[data-stage="coding"] [data-ticket="${key}"]`).getByText(run.name).click();
      await page.getByTestId("live").getByText("word by word").waitFor();
      await transcript(page).getByText("and so you can read along.").waitFor();
      await transcript(page).locator('[data-kind="tool"] button').first().click();
      await transcript(page).getByText("<b>found</b> src/greet.sh", { exact: true }).waitFor();
      await page.getByLabel("Message to the agent").fill("Use <i>capital</i> letters");
      await page.getByRole("button", { name: "Say" }).click();
      await transcript(page).getByText("Use <i>capital</i> letters").waitFor();
      writeFileSync(gate, "");
      await status(page, "succeeded").waitFor();
      await transcript(page).locator('[data-kind="steer"] .status').getByText("acknowledged").waitFor();
      await transcript(page).getByText("The greeting is written.").first().waitFor();
      await page.getByText("1 commit, 1 file").waitFor();
      assert.equal(await page.getByLabel("Message to the agent").count(), 0);
      await page.goto(new URL("/runs?status=succeeded", page.url()).href);
      await page.locator(`[data-run="${run.id}"]`).getByText("1 commit").waitFor();
    },
  ],
  [
    "the stop button ends a run, after a second click",
    async ({ drover, page }) => {
      engage(drover);
      await enter({ drover, page });
      const { run } = await begin(drover, "Never end");
      await page.goto(new URL(`/runs/${run.id}`, page.url()).href);
      await transcript(page).getByText("I begin.").waitFor();
      await page.getByRole("button", { name: "Stop", exact: true }).click();
      await page.getByRole("button", { name: "Stop the run" }).click();
      await status(page, "stopped").waitFor();
      const { outcome } = await drover.json("run", "show", run.id);
      assert.equal(outcome, "stopped");
    },
  ],
  [
    "a long transcript begins with its newest page and keeps few lines in the document, however far one scrolls",
    async ({ drover, page }) => {
      engage(drover);
      await enter({ drover, page });
      const { run } = await begin(drover, "Say much");
      await page.goto(new URL(`/runs/${run.id}`, page.url()).href);
      await status(page, "succeeded").waitFor({ timeout: 120_000 });
      let pages = 0;
      page.on("request", (r) => /\/events\?.*follow=false/.test(r.url()) && pages++);
      await page.reload();
      await transcript(page).getByText(`Line ${long} of many`).first().waitFor();
      assert.equal(pages, 1, "the first paint asks for the newest page alone");
      await transcript(page).hover();
      for (let i = 0; i < 60; i++) {
        await page.mouse.wheel(0, -3000);
        await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
      }

      assert.ok(pages > 1, "older pages come when one scrolls up");
      const rows = await page.locator(".row").count();
      assert.ok(rows > 5 && rows < 120, `${rows} lines are in the document`);
      const first = Number((await page.locator(".row").first().textContent()).match(/Line (\d+)/)?.[1]);
      assert.ok(first < long - 300, `the first line in the document is ${first}`);
      await page.getByRole("button", { name: "newest" }).click();
      await transcript(page).getByText(`Line ${long} of many`).first().waitFor();
    },
  ],
];
