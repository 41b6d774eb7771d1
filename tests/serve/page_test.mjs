// SPDX-License-Identifier: Apache-2.0
// The page in Chromium as people use it: by mouse and by keyboard, in two tabs, reloaded, printed; figures against their data;
// and axe-core on what it shows.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, seriousFaults } from "./browser.mjs";
import { newFolder, program, remove, serve } from "./server.mjs";

const screenshots = process.env.COLEY_SCREENSHOTS;

let folder, server, browser;
const told = [];  // what the browser complained of

before(async () => {
  folder = newFolder();
  server = await serve(folder);
  browser = await launch();
  if (screenshots) mkdirSync(screenshots, { recursive: true });
});
after(async () => {
  await browser?.close();
  await server?.end();
  remove(folder);
});

/** A small trial unless told otherwise; "" is what a first visit shows. */
async function visit({ width = 1280, height = 900, colorScheme = "light", context, address = "&trial=walther-1997&patients=120" } = {}) {
  const page = await (context ?? (await browser.newContext({ viewport: { width, height }, colorScheme }))).newPage();
  page.setDefaultTimeout(180000);
  page.on("pageerror", (error) => told.push(error.message));
  page.on("console", (line) => line.type() === "error" && !/status of 4\d\d/.test(line.text()) && told.push(line.text()));
  await page.goto(server.url + address);
  return page;
}

const curve = (page) => page.waitForSelector("#results svg.figure path.curve");
const status = (page, pattern) => page.waitForFunction((p) => new RegExp(p).test(document.getElementById("status").textContent), pattern);
const patients = (page, n) => page.fill("#patients", `${n}`);
const choose = (page, trial) => page.selectOption("#trial", trial);
const open = (page, part) => page.click(`details[data-part="${part}"] > summary`);
const lines = (page) => page.locator("#results [data-figure=survival] path.curve").evaluateAll((all) => all.map((p) => p.getAttribute("d")).join());
const stateOf = (page) => page.evaluate(() => JSON.parse(sessionStorage.getItem("coley-state")));

/** Bytes and name of what a click downloads. */
async function downloaded(page, click) {
  const [download] = await Promise.all([page.waitForEvent("download"), click()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

/** What a page says of a file by itself, which may ask for nothing else. */
async function alone(page, file, say) {
  writeFileSync(join(folder, file.name), file.bytes);
  const own = await page.context().newPage();
  own.on("pageerror", (error) => told.push(error.message));
  own.on("console", (line) => line.type() === "error" && told.push(line.text()));
  own.on("request", (asked) => !/^(file|data|blob):/.test(asked.url()) && told.push(`${file.name} asks for ${asked.url()}`));
  await own.goto(`file://${join(folder, file.name)}`);
  const said = await own.evaluate(say);
  await own.close();
  return said;
}

/** The figure's data are those of the summary; its SVG and PNG are files of their kind, as wide as they are shown. */
async function checkDownloads(page, curves) {
  const press = (label) => downloaded(page, () => page.click(`[data-figure=survival] .downloads button:text("${label}")`));
  const data = await press("download data");
  assert.equal(data.name, "survival-DFS.csv");
  const rows = curves.flatMap((c) => c.points.map((p) => [c.arm, p.month, p.survival, p.low ?? "", p.high ?? ""].join(",")));
  assert.deepEqual(data.bytes.toString().trim().split("\n"), ["arm,month,survival,low,high", ...rows]);
  const svg = await press("download SVG");
  assert.equal(svg.name, "survival-DFS.svg");
  const shown = await alone(page, svg, () => ({ root: document.documentElement.localName, curves: document.querySelectorAll("path.curve").length, style: document.querySelector("style").textContent, width: Number(document.documentElement.getAttribute("width")) }));
  assert.ok(shown.root === "svg" && shown.curves >= 2 && shown.style.includes(".curve"), JSON.stringify(shown));
  const png = await press("download PNG");
  assert.equal(png.name, "survival-DFS.png");
  assert.equal(png.bytes.toString("latin1", 1, 4), "PNG");
  assert.equal(png.bytes.readUInt32BE(16), 2 * shown.width);
  assert.ok(png.bytes.length > 10000, "an empty picture is smaller");
}

/** The report that the page gives is that of the API, and draws its figures from the file alone. */
async function checkReport(page, run) {
  const report = await downloaded(page, () => page.click("#report"));
  assert.equal(report.name, "keynote-564-report.html");
  assert.equal(report.bytes.toString(), (await server.ask("GET", `/api/runs/${run}/report`)).text);
  assert.ok((await alone(page, report, () => document.querySelectorAll("svg.figure path.curve").length)) >= 2);
}

test("first visit to first curve; what is drawn is what the summary says", async () => {
  const page = await visit({ address: "" });
  await curve(page);
  assert.ok(!page.url().includes("token"));
  await patients(page, 994);
  await status(page, "^Done: 994");
  const { run } = await stateOf(page);
  const summary = (await server.ask("GET", `/api/runs/${run}/summary`)).json();
  const own = JSON.parse(execFileSync(program, ["run", "keynote-564", "--patients", "994", "--json"]));
  assert.deepEqual(summary.arms, own.arms);
  const drawn = await page.evaluate(() => {
    const figure = document.querySelector("#results [data-figure=survival] svg");
    const place = (tick) => /translate\(([-\d.]+),([-\d.]+)\)/.exec(tick.getAttribute("transform")).slice(1).map(Number);
    const ticks = [...figure.querySelectorAll(".axis .tick")].map((t) => ({ text: t.textContent, at: place(t) }));
    const y = (text) => ticks.find((t) => t.text === text).at[1];
    const x = ticks.find((t) => t.text === "24").at[0];
    const survival = [...figure.querySelectorAll("path.curve")].filter((p) => p.getAttribute("d").includes("L")).map((p) => {
      const points = p.getAttribute("d").slice(1).split("L").map((pair) => pair.split(",").map(Number));
      const before = points.filter((point) => point[0] <= x).pop();
      return before && points[points.length - 1][0] > x ? (y("0 %") - before[1]) / (y("0 %") - y("100 %")) : null;
    }).filter((s) => s !== null);
    const risk = [...figure.querySelectorAll(".risk text.number")].map((t) => ({ x: Number(t.getAttribute("x")), n: Number(t.textContent.replace(/\D/g, "")) }));
    return { survival, risk };
  });
  own.arms.forEach((arm, i) => {
    const at = arm.endpoints.DFS.at.find((l) => l.month === 24).estimate;
    assert.ok(Math.abs(drawn.survival[i] - at) < 0.002, `${arm.name}: drawn ${drawn.survival[i]}, summary ${at}`);
  });
  const columns = new Set(drawn.risk.map((r) => r.x)).size;
  for (const [i, arm] of own.arms.entries()) {
    const block = drawn.risk.slice(i * 3 * columns, (i + 1) * 3 * columns);
    for (let c = 0; c < columns; ++c) assert.equal(block[c].n + block[columns + c].n + block[2 * columns + c].n, arm.n);
  }
  await checkDownloads(page, own.figures.survival.filter((c) => c.endpoint === "DFS"));
  await checkReport(page, run);
  await page.close();
});

test("a slider, by the keyboard, changes the curve", async () => {
  const page = await visit({ address: "&trial=keynote-564&patients=994" });
  await curve(page);
  await status(page, "^Done: 994");
  const before = await lines(page);
  await page.locator("details[data-part=arm] > summary").focus();
  await page.keyboard.press("Enter");
  await page.getByLabel("Doses, slider").first().focus();
  for (let i = 0; i < 12; ++i) await page.keyboard.press("ArrowLeft");
  await page.waitForFunction(() => document.getElementById("changes").textContent.includes("arm[0].drug[0].doses=5"));
  await page.waitForFunction(() => document.getElementById("command").textContent.includes("--set 'arm[0].drug[0].doses=5'"));
  await status(page, "^Done: 994");
  assert.notEqual(await lines(page), before);
  await page.click("#reset");
  await page.waitForFunction(() => !document.getElementById("command").textContent.includes("--set"));
  await status(page, "^Done: 994");
  assert.equal(await lines(page), before);
  await page.close();
});

test("a bad protocol gets the message of the command line, and harms nobody", async () => {
  const page = await visit();
  await curve(page);
  const shipped = execFileSync(program, ["show", "walther-1997"]).toString();
  const bad = shipped.replace(/^size = .*/m, "size = 0").replace(/^\[population\]/m, "[population]\nsise = 3");
  writeFileSync(join(folder, "bad.toml"), bad);
  await page.setInputFiles("#upload", join(folder, "bad.toml"));
  await page.waitForSelector("#fault:not([hidden])");
  const said = spawnSync(program, ["check", "bad.toml"], { cwd: folder }).stderr.toString();
  assert.equal((await page.textContent("#fault")).trim(), said.trim());
  const evil = '<img src=x onerror="document.title=1">';
  writeFileSync(join(folder, "own.toml"), shipped.replace(/^title = .*/m, `title = '${evil}'`).replace(/^label = .*/m, `label = '${evil}'`));
  await page.setInputFiles("#upload", join(folder, "own.toml"));
  await page.waitForFunction((text) => document.getElementById("title").textContent === text, evil);
  await page.waitForFunction(() => document.getElementById("command").textContent.startsWith("coley run own.toml"));
  assert.equal(await page.locator("img").count(), 0);
  await page.close();
});

test("stop; reload in the middle of a run; two tabs", async () => {
  const page = await visit({ address: "&trial=keynote-564&patients=200000" });
  await curve(page);
  await status(page, "^Running: [1-9]");
  const { run } = await stateOf(page);
  await page.reload();
  await status(page, "^Running: [1-9]");
  await curve(page);
  assert.equal((await stateOf(page)).run, run);
  const other = await visit({ context: page.context() });
  await choose(other, "walther-1997");
  await other.waitForFunction(() => document.getElementById("command").textContent.includes("walther-1997"));
  assert.match(await page.textContent("#title"), /pembrolizumab/);
  assert.equal((await server.ask("GET", `/api/runs/${run}`)).json().state, "running");
  await other.close();
  await page.fill("#save-name", "goes on");
  await page.click("#save");
  await status(page, "saved when done");
  assert.equal((await server.ask("GET", `/api/runs/${run}`)).json().save_as, "goes on");
  await page.click("#stop");
  await status(page, "^Stopped: [1-9]");
  assert.equal((await server.ask("GET", `/api/runs/${run}`)).json().state, "stopped");
  await page.close();
});

test("at another address: a wrong password is refused, the right one opens the page", async () => {
  const [data, password] = [newFolder(), "a password of many letters"];
  writeFileSync(join(data, "password"), `${password}\n`);
  const other = await serve(data, ["--address", "127.0.0.2", "--password", join(data, "password")], password);
  const page = await (await browser.newContext()).newPage();
  await page.goto(other.url);
  await page.waitForSelector("#locked:not([hidden])");
  assert.ok(!(await page.isVisible("#wrong-password")) && !(await page.isVisible("#app")));
  await page.fill("#password", "another password of many letters");
  await page.click("#unlock button");
  await page.waitForSelector("#wrong-password:not([hidden])");
  assert.deepEqual(await seriousFaults(page), []);
  assert.ok(!(await page.isVisible("#app")));
  await page.fill("#password", password);
  await page.click("#unlock button");
  await page.waitForSelector("#app:not([hidden]) #trial option[value=carmena]", { state: "attached" });
  assert.ok(!(await page.isVisible("#locked")));
  await page.close();
  await other.end();
  remove(data);
});

test("save, open, repeat with identical summary, compare", async () => {
  const page = await visit({ address: "&trial=walther-1997&patients=300" });
  await status(page, "^Done: 300");
  await page.fill("#save-name", "three hundred");
  await page.click("#save");
  await page.click('[aria-label="Repeat three hundred"]');
  await status(page, "^Done: 300.*identical");
  await page.click("#keep");
  await choose(page, "carmena");
  await page.waitForFunction(() => document.getElementById("command").textContent.includes("carmena"));
  await patients(page, 100);
  await status(page, "^Done: 100");
  await page.click("#keep");
  assert.equal(await page.locator("#beside article svg.figure").count(), 2);
  await page.click('[aria-label="Open three hundred"]');
  await page.waitForFunction(() => document.getElementById("command").textContent.includes("walther-1997"));
  await page.close();
});

test("a patient is replayed", async () => {
  const page = await visit({ address: "&trial=carmena&patients=20" });
  await curve(page);
  await page.fill("#patient-number", "5");
  await page.click("text=Open patient");
  await page.waitForSelector("[data-figure=trajectory] svg .axis");
  await page.click("text=Play");
  await page.waitForSelector("[data-figure=trajectory] .cursor", { state: "attached" });
  if (screenshots) await page.locator("#patient").screenshot({ path: join(screenshots, "patient.png") });
  await page.close();
});

test("by the keyboard alone", async () => {
  const page = await visit();
  await curve(page);
  const reach = async (wanted) => {
    for (let i = 0; i < 200; ++i) {
      await page.keyboard.press("Tab");
      const focus = await page.evaluate(() => ({ id: document.activeElement.id, seen: getComputedStyle(document.activeElement).outlineStyle }));
      assert.notEqual(focus.seen, "none", `no mark of focus on ${focus.id}`);
      if (focus.id === wanted) return;
    }
    assert.fail(`${wanted} is not reached by the keyboard`);
  };
  await reach("trial");
  await page.keyboard.type("walther");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.getElementById("name").textContent.includes("interleukin-2"));
  await reach("patients");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("250");
  await status(page, "^Done: 250");
  await reach("save-name");
  await page.keyboard.type("typed");
  await page.keyboard.press("Enter");
  await page.waitForSelector('[aria-label="Repeat typed"]');
  await page.close();
});

test("print: results and no controls", async () => {
  const page = await visit();
  await curve(page);
  await page.emulateMedia({ media: "print" });
  assert.ok(!(await page.isVisible("#run")) && !(await page.isVisible("#trial")));
  assert.ok(await page.isVisible("#results svg.figure"));
  assert.ok((await page.pdf()).length > 10000);
  await page.close();
});

for (const [width, colorScheme] of [[400, "light"], [1280, "dark"], [2000, "light"]]) {
  test(`axe finds no serious fault, and nothing is cut off, at ${width} px, ${colorScheme}`, async () => {
    const page = await visit({ width, colorScheme, address: "&trial=carmena&patients=450" });
    await status(page, "^Done: 450");
    for (const part of ["population", "arm", "analysis"]) await open(page, part);
    await page.click("#keep");
    assert.deepEqual(await seriousFaults(page), []);
    assert.ok(await page.evaluate(() => document.scrollingElement.scrollWidth <= innerWidth + 1), "the page scrolls sideways");
    if (screenshots) await page.screenshot({ path: join(screenshots, `page-${width}.png`) });
    await page.close();
  });
}

test("the browser had nothing to complain of", () => assert.deepEqual(told, []));
