// Opens each screen in Chromium, light and dark, wide and 320 px narrow, and fails on: an axe violation, something wider
// than the screen, a script error, a refusal by the content security policy. Arguments: a folder for the pictures, then
// one-time links by scene as scene=URL,URL,…; each link opens one browser.
import { chromium } from "playwright-core";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const [folder, ...given] = process.argv.slice(2);
const links = new Map(given.map((text) => [text.slice(0, text.indexOf("=")), text.slice(text.indexOf("=") + 1).split(",")]));
const faults = [];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });

async function look(page, name) {
  await page.waitForTimeout(400);
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  if (await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)) faults.push(`${name}: wider than the screen`);
  await page.evaluate(`${axe}; undefined`);
  const found = await page.evaluate(() => globalThis.axe.run(document));
  for (const one of found.violations) faults.push(`${name}: ${one.id} at ${one.nodes[0].target.join(" ")}`);
}

async function enter(scene, options) {
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  const expected = /401 \(Unauthorized\)/;
  page.on("console", (line) => { if (line.type() === "error" && !expected.test(line.text())) faults.push(`${scene}: ${line.text()}`); });
  page.on("pageerror", (error) => faults.push(`${scene}: ${error.message}`));
  const link = links.get(scene).shift();
  await page.goto(link);
  await page.waitForSelector("h1");
  return page;
}

async function go(page, place, awaited) {
  await page.evaluate((hash) => { location.hash = hash; }, place);
  await page.waitForSelector(awaited);
}

for (const colorScheme of ["light", "dark"]) {
  for (const width of [1280, 320]) {
    const as = `${colorScheme}-${width}`;
    const options = { colorScheme, viewport: { width, height: 900 } };
    const calm = await enter("calm", options);
    await look(calm, `fleet-${as}`);
    await go(calm, "/postgres/orders", "#operation");
    await look(calm, `healthy-${as}`);
    await calm.getByRole("button", { name: "Switchover…" }).click();
    await calm.getByRole("button", { name: "Show the steps" }).click();
    await calm.getByText("It would do 5 steps").waitFor();
    await look(calm, `action-${as}`);
    await calm.keyboard.press("Escape");
    await go(calm, "/copies/shop", "#items");
    await look(calm, `copies-${as}`);
    await calm.getByRole("button", { name: "Connect… to feature-42" }).click();
    await calm.getByText("postgresql://app:invented@127.0.0.1:5501/shop").waitFor();
    await look(calm, `connect-${as}`);
    await calm.keyboard.press("Escape");
    await calm.getByRole("button", { name: "Delete… feature-42" }).click();
    await calm.getByRole("button", { name: "Show the steps" }).click();
    await calm.getByText("Type feature-42 to go on").waitFor();
    await calm.keyboard.press("Escape");
    await go(calm, "/postgres/billing", "text=replica-missing");
    await calm.getByRole("button", { name: "Approve…" }).click();
    await calm.getByText("It would do 5 steps").waitFor();
    const approve = calm.getByRole("button", { name: "Approve", exact: true });
    if (await approve.isEnabled()) faults.push("approving something irreversible takes no typed name");
    await calm.getByRole("textbox").fill("billing");
    if (!(await approve.isEnabled())) faults.push("the typed name does not let approve");
    await look(calm, `approve-${as}`);
    await calm.keyboard.press("Escape");
    await go(calm, "/postgres/shop", "text=This control plane leads shop");
    await go(calm, "/", "text=The proposal waits, look 120.");
    await calm.getByRole("button", { name: "Sign out" }).click();
    await calm.getByRole("button", { name: "Sign in" }).waitFor();
    await look(calm, `sign-in-${as}`);
    await calm.context().close();
    const failover = await enter("failover", options);
    await go(failover, "/postgres/orders", "text=no return");
    await look(failover, `failover-${as}`);
    await failover.context().close();
    const empty = await enter("empty", options);
    await empty.getByText("Nothing is configured").waitFor();
    await look(empty, `empty-${as}`);
    await empty.context().close();
  }
}

// A failover from beginning to end, as it comes over the stream.
const play = await enter("play", { viewport: { width: 1280, height: 900 } });
await go(play, "/postgres/orders", "#topology");
await play.getByRole("button", { name: "Failover…" }).click();
await play.getByRole("button", { name: "Show the steps" }).click();
await play.getByRole("textbox").fill("orders");
await play.getByRole("button", { name: "Failover now" }).click();
await play.getByText("let b follow c").first().waitFor();
await play.getByText("c is primary; no acknowledged commit is lost.").waitFor({ timeout: 15000 });
await play.locator("#operation ~ .good").first().waitFor();
await look(play, "after-failover");
await browser.close();
for (const fault of faults) console.log(fault);
process.exit(faults.length === 0 ? 0 : 1);
