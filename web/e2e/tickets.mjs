import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";

const card = (page, key) => page.locator(`[data-ticket="${key}"]`);
const connected = (page) => page.locator('output[data-link="live"]').waitFor();

/** Signs the browser in and waits until the board follows the feed. */
export async function enter({ drover, page }) {
  await page.goto(await drover.link());
  await connected(page);
}

export const tests = [
  [
    "the link that 'drover up' and 'drover open' print opens the page, once",
    async ({ drover, page, context }) => {
      const said = await drover.call("up");
      const link = said.match(/http:\S+\/login\S+/)?.[0];
      assert.ok(link, said);
      const stranger = await page.goto(new URL("/", link).href);
      assert.equal(stranger.status(), 401);
      await page.goto(link);
      await connected(page);
      assert.equal(new URL(page.url()).pathname, "/");
      assert.equal(await page.evaluate(() => document.cookie), "");
      const again = await (await context.newPage()).goto(link);
      assert.equal(again.status(), 401);
    },
  ],
  [
    "the first paint takes at most 150 kB of script and style",
    async ({ drover, page }) => {
      const bodies = [];
      page.on("response", (r) => /\.(js|css)$/.test(new URL(r.url()).pathname) && bodies.push(r.body()));
      await enter({ drover, page });
      const bytes = (await Promise.all(bodies)).reduce((sum, body) => sum + gzipSync(body).length, 0);
      console.log(`        ${(bytes / 1000).toFixed(1)} kB gzipped`);
      assert.ok(bytes > 0 && bytes <= 150_000, `${bytes} bytes`);
    },
  ],
  [
    "a ticket that is filed at the command line appears without a reload, and moves",
    async ({ drover, page }) => {
      await enter({ drover, page });
      await page.evaluate(() => Object.assign(window, { notReloaded: true }));
      const { key } = await drover.json("ticket", "add", "--title", "Greet in French");
      await card(page, key).waitFor();
      await drover.call("ticket", "move", key, "ready");
      await page.locator(`[data-stage="ready"] [data-ticket="${key}"]`).waitFor();
      await drover.call("ticket", "hold", key, "--reason", "wait for Grace");
      await card(page, key).getByText("wait for Grace").waitFor();
      assert.equal(await page.evaluate(() => window.notReloaded), true);
    },
  ],
  [
    "what somebody wrote is shown as text and never run",
    async ({ drover, page }) => {
      await enter({ drover, page });
      const evil = '<img src=x onerror="window.ran=1"><script>window.ran=1</script>';
      const { key } = await drover.json(
        "ticket",
        "add",
        "--title",
        evil,
        "--body",
        `${evil}\n\n  [x](javascript:alert(1))`,
      );
      await card(page, key).getByText(evil).waitFor();
      await card(page, key).getByText(evil).click();
      await page.locator("h1").getByText(evil).waitFor();
      await page.getByText("[x](javascript:alert(1))").waitFor();
      assert.equal(await page.locator("main img, main script").count(), 0);
      assert.equal(await page.evaluate(() => window.ran), undefined);
    },
  ],
  [
    "filters live in the URL",
    async ({ drover, page }) => {
      await drover.call("ticket", "add", "--title", "Parse Roman numerals");
      await enter({ drover, page });
      await page.getByRole("searchbox").fill("roman");
      await page.getByText("Greet in French").waitFor({ state: "detached" });
      assert.equal(new URL(page.url()).search, "?q=roman");
      await page.reload();
      await page.getByText("Parse Roman numerals").waitFor();
      assert.equal(await page.getByText("Greet in French").count(), 0);
      assert.equal(await page.getByRole("searchbox").inputValue(), "roman");
    },
  ],
  [
    "the keyboard reaches a ticket and comes back",
    async ({ drover, page }) => {
      await enter({ drover, page });
      await page.getByRole("searchbox").focus();
      for (let i = 0; i < 5 && !(await page.evaluate(() => document.activeElement?.matches(".card a"))); i++)
        await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.locator(".ticket-page h1").waitFor();
      await page.goBack();
      await page.locator(".board").waitFor();
    },
  ],
  [
    "it fits 400 pixels, in dark too",
    async ({ drover, page }) => {
      await page.setViewportSize({ width: 400, height: 800 });
      await page.emulateMedia({ colorScheme: "dark" });
      await enter({ drover, page });
      await page.locator(".card").first().waitFor();
      for (const path of ["/", "/runs"]) {
        await page.goto(new URL(path, page.url()).href);
        await connected(page);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(width <= 400, `${path} is ${width} pixels wide`);
      }
      const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.match(background, /^rgb\((\d|[1-4]\d), /);
    },
  ],
  [
    "a server that goes away is told, and the page goes on when it is back",
    async ({ drover, page }) => {
      await enter({ drover, page });
      await drover.call("down");
      await page.getByText(/reconnecting since .*, showing data as of/).waitFor();
      await drover.call("up");
      await connected(page);
      const { key } = await drover.json("ticket", "add", "--title", "Filed after the restart");
      await card(page, key).waitFor();
    },
  ],
  [
    "a page that was cut off shows what it missed",
    async ({ drover, page, context }) => {
      await enter({ drover, page });
      let isCut = true;
      await context.route("**/api/v1/**", (route) => (isCut ? route.abort() : route.continue()));
      await drover.call("down");
      await drover.call("up");
      await page.getByText(/reconnecting since/).waitFor();
      const { key } = await drover.json("ticket", "add", "--title", "Filed behind its back");
      isCut = false;
      await card(page, key).waitFor();
    },
  ],
];
