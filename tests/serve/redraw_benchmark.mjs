// SPDX-License-Identifier: Apache-2.0
// How long a moved slider takes to a new curve on the page, in Chromium: to the first, to that of all patients, and the
// longest time in which the page drew no frame meanwhile. Natural histories are kept; a new seed shows what they take.
//   cmake --build --preset default --target redraw_benchmark
import { launch } from "./browser.mjs";
import { newFolder, remove, serve } from "./server.mjs";

const patients = Number(process.env.COLEY_PATIENTS ?? 10000);

/** In the page: sets a field as a user does and waits, frame by frame; milliseconds. */
const watched = ({ field, value, patients }) => new Promise((resolve) => {
  const curves = () => [...document.querySelectorAll("#results [data-figure=survival] path.curve")].map((p) => p.getAttribute("d")).join();
  const before = curves(), begun = performance.now();
  let first = 0, last = begun, longest = 0;
  const input = document.querySelector(field);
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  const frame = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!first && curves() !== before) first = now - begun;
    if (first && document.getElementById("status").textContent.startsWith(`Done: ${patients} of`)) return resolve({ first, all: now - begun, longest });
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
});

const folder = newFolder();
const server = await serve(folder);
const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(600000);
  await page.goto(`${server.url}&trial=keynote-564&patients=${patients}`);
  const done = () => page.waitForFunction((n) => document.getElementById("status").textContent.startsWith(`Done: ${n} of`), patients);
  await done();
  await page.click('details[data-part="arm"] > summary');
  console.log(`keynote-564, ${patients} patients, ms from the moved slider: first new curve, curve of all, longest time without a frame`);
  for (const [what, field, values] of [["doses", '[aria-label="Doses, slider"]', [5, 9, 13, 3, 7]], ["seed (no natural history kept)", "#seed", [2, 3]]]) {
    for (const value of values) {
      const ms = await page.evaluate(watched, { field, value: `${value}`, patients });
      console.log(`${what} ${value}: ${[ms.first, ms.all, ms.longest].map((x) => x.toFixed(0)).join(", ")}`);
    }
  }
} finally {
  await browser.close();
  await server.end();
  remove(folder);
}
