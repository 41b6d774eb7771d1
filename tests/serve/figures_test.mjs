// SPDX-License-Identifier: Apache-2.0
// Every figure, in the reports of the command line and in the page of `coley serve`: it has a title and a description, no text of
// it is cut off, lies on another or is too pale, from 400 to 2000 px, light and dark; each of its buttons gives the file that it
// promises; and on paper no row of a table is cut. COLEY_FIGURES keeps a picture of each kind there, COLEY_PATIENTS says of how many.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, seriousFaults } from "./browser.mjs";
import { newFolder, program, remove, serve } from "./server.mjs";
import { smallPng } from "./small_png.mjs";

const kept = process.env.COLEY_FIGURES;
const patients = process.env.COLEY_PATIENTS ?? "1350";

let folder, server, browser;
const told = [], pictured = new Set();

before(async () => {
  folder = newFolder();
  server = await serve(folder);
  browser = await launch();
  if (kept) mkdirSync(kept, { recursive: true });
});
after(async () => {
  await browser?.close();
  await server?.end();
  remove(folder);
});

async function open(address) {
  const page = await browser.newPage({ viewport: { width: 1000, height: 900 } });
  page.setDefaultTimeout(180000);
  page.on("pageerror", (error) => told.push(error.message));
  await page.goto(address);
  await page.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
  return page;
}

const figures = "svg.figure";

/** What is wrong with the figures of a page as it is shown now. */
const faults = () => {
  const luminance = (colour) => {
    const [r, g, b] = colour.match(/[\d.]+/g).map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = luminance(getComputedStyle(document.body).backgroundColor);
  const contrast = (colour) => (Math.max(luminance(colour), paper) + 0.05) / (Math.min(luminance(colour), paper) + 0.05);
  const found = [];
  for (const svg of document.querySelectorAll("svg.figure")) {
    const title = svg.querySelector("title")?.textContent ?? "", around = svg.getBoundingClientRect();
    const say = (what) => found.push(`${title}: ${what}`);
    if (!title || !svg.querySelector("desc")?.textContent) say("no title or no description");
    const texts = [...svg.querySelectorAll("text")].filter((t) => t.textContent.trim()).map((t) => ({ text: t.textContent, colour: getComputedStyle(t).fill, box: t.getBoundingClientRect() }));
    for (const { text, colour, box } of texts) {
      if (box.left < around.left - 1 || box.right > around.right + 1 || box.top < around.top - 1 || box.bottom > around.bottom + 1) say(`“${text}” is cut off`);
      if (contrast(colour) < 4.5) say(`“${text}” is too pale: ${contrast(colour).toFixed(1)}`);
    }
    texts.forEach(({ text, box }, i) => texts.slice(i + 1).forEach((other) => {
      const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left), down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
      if (across > 1.5 && down > 4) say(`“${text}” lies on “${other.text}”`);
    }));
  }
  if (document.scrollingElement.scrollWidth > innerWidth + 1) found.push("the page scrolls sideways");
  return found;
};

async function checkLooks(page) {
  for (const [width, colorScheme] of [[400, "light"], [1000, "dark"], [2000, "light"]]) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    assert.deepEqual([width, colorScheme, ...(await page.evaluate(faults)), ...(await seriousFaults(page))], [width, colorScheme]);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1000, height: 900 });
}

async function checkButtons(page) {
  const reader = await browser.newPage();
  for (const host of await page.$$(`*:has(> ${figures})`)) {
    const file = async (label) => {
      await page.waitForTimeout(110);  // Chromium drops an eleventh download within a second
      const [download] = await Promise.all([page.waitForEvent("download"), host.$(`.downloads button:text("${label}")`).then((button) => button.click())]);
      return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
    };
    const [data, svg, png] = [await file("download data"), await file("download SVG"), await file("download PNG")];
    const name = data.name.replace(/\.csv$/, "");
    assert.deepEqual([svg.name, png.name], [`${name}.svg`, `${name}.png`]);
    const lines = data.bytes.toString().trim().split("\n").map((line) => line.replace(/"(?:[^"]|"")*"/g, "x").split(",").length);
    assert.ok(lines.length > 1 && lines.every((columns) => columns === lines[0]), `${data.name}: ${lines}`);
    const said = await reader.evaluate((text) => {
      const root = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
      return { root: root.localName, title: root.querySelector("title")?.textContent, styled: root.querySelector("style")?.textContent.includes(".curve"), width: Number(root.getAttribute("width")) };
    }, svg.bytes.toString());
    assert.ok(said.root === "svg" && said.title && said.styled, `${svg.name}: ${JSON.stringify(said)}`);
    assert.equal(png.bytes.toString("latin1", 1, 4), "PNG");
    assert.equal(png.bytes.readUInt32BE(16), 2 * said.width, png.name);
  }
  await reader.close();
}

/** Keeps a picture of each kind that has none yet, at the width of a page of a document. */
async function keepPictures(page, prefix) {
  if (!kept) return;
  await page.setViewportSize({ width: 700, height: 900 });
  for (const host of await page.$$(`[data-figure]:has(${figures})`)) {
    const kind = prefix + (await host.getAttribute("data-figure"));
    if (pictured.has(kind)) continue;
    pictured.add(kind);
    const bytes = await smallPng(page, await (await host.$(figures)).screenshot());
    assert.ok(bytes.length < 60000, `the picture of ${kind} has ${bytes.length} bytes`);
    writeFileSync(join(kept, `${kind}.png`), bytes);
  }
}

async function check(page, least, prefix = "") {
  await page.waitForSelector(figures);
  assert.ok((await page.locator(figures).count()) >= least);
  await checkLooks(page);
  await checkButtons(page);
  await keepPictures(page, prefix);
}

test("the report of a run; on paper no row is cut and headings come again", async () => {
  execFileSync(program, ["run", "carmena", "--patients", patients, "--twins", "--quiet", "--out", join(folder, "run")]);
  const page = await open(`file://${join(folder, "run", "report.html")}`);
  await check(page, 20);
  await page.emulateMedia({ media: "print" });
  const styles = await page.evaluate(() => {
    const every = (what, rule) => [...document.querySelectorAll(what)].filter((e) => !rule(getComputedStyle(e))).map((e) => e.outerHTML.slice(0, 80));
    return { rows: every("tr", (s) => s.breakInside === "avoid"), heads: every("thead", (s) => s.display === "table-header-group"), figures: every("figure", (s) => s.breakInside === "avoid"),
             headless: [...document.querySelectorAll("table")].filter((t) => !t.tHead).map((t) => t.outerHTML.slice(0, 80)),
             scrolling: every(".wide, [data-figure]", (s) => s.overflowX === "visible"), buttons: every(".downloads", (s) => s.display === "none") };
  });
  assert.deepEqual(styles, { rows: [], heads: [], figures: [], headless: [], scrolling: [], buttons: [] });
  await page.close();
});

const pages = {
  design: ["design", "creemers-late-separation", "--replicates", "200", "--quiet", "--out", "."],
  sobol: ["sensitivity", "mrc-re01", "--method", "sobol", "--points", "4", "--patients", "60", "--number", "parameters.B_L", "--number", "parameters.gamma", "--number", "parameters.gamma.correlation.tki_scale", "--quiet", "--html", "sobol.html"],
  meta: ["meta", "studies.csv", "--study", "trial", "--ratio", "hr", "low", "high", "--html", "meta.html"],
  survival: ["survival", "patients.csv", "--time", "t", "--event", "e", "--event-value", "recurrence", "--competing", "death", "--group", "g", "--subgroup", "s", "--html", "survival.html"],
};

for (const [name, call] of Object.entries(pages)) {
  test(`the page of coley ${call[0]}`, async () => {
    writeFileSync(join(folder, "studies.csv"), "trial,hr,low,high\nThe first of the trials,0.72,0.55,0.94\nB,0.8,0.6,1.1\nC,1.05,0.8,1.38\n");
    const rows = Array.from({ length: 80 }, (_, i) => `${1 + ((7 * i) % 61)},${["recurrence", "death", "none"][i % 3]},${i % 2 ? "nephrectomy and drug" : "drug alone"},${i % 5 ? "clear cell" : "other histology"}`);
    writeFileSync(join(folder, "patients.csv"), `t,e,g,s\n${rows.join("\n")}\n`);
    execFileSync(program, call, { cwd: folder });
    const page = await open(`file://${join(folder, `${name}.html`)}`);
    await check(page, 1, name === "meta" ? "meta-" : "");
    await page.close();
  });
}

test("the page of coley serve, one patient included", async () => {
  const page = await open(`${server.url}&trial=carmena&patients=900`);
  await page.waitForFunction(() => document.getElementById("status").textContent.startsWith("Done: 900"));
  await page.fill("#patient-number", "4");
  await page.click("text=Open patient");
  await page.waitForSelector("[data-figure=trajectory] svg .axis");
  await check(page, 10);
  await page.close();
});

test("the browser had nothing to complain of", () => assert.deepEqual(told, []));
