// SPDX-License-Identifier: Apache-2.0
// Draws every <div data-figure="..."> of report.html from the summary in <script id="data">.
import "./licences";
import { showConsort } from "./consort";
import { showEvidence } from "./evidence";
import { showForest } from "./forest";
import { showSurvival } from "./km";
import { armIndex, armLabel, inWords, type Summary } from "./summary";
import { showTwinGroups, showTwins } from "./twins";

const summary = JSON.parse(document.getElementById("data")!.textContent!) as Summary;
const same = (a: string | null, b: string | undefined) => (a ?? "") === (b ?? "");

const draw: Record<string, (host: HTMLElement) => void> = {
  consort: (host) => showConsort(host, summary),
  survival: (host) => {
    const { endpoint, cutoff, label, name } = host.dataset;
    const arms = summary.figures.survival
      .filter((c) => c.endpoint === endpoint && same(c.cutoff, cutoff))
      .map((curve) => ({ label: armLabel(summary, curve.arm), index: armIndex(summary, curve.arm), curve }));
    showSurvival(host, name!, label!, arms);
  },
  forest: (host) => {
    const { endpoint, cutoff, experimental, control, label, name } = host.dataset;
    const rows = summary.comparisons.filter(
      (c) => c.endpoint === endpoint && same(c.cutoff, cutoff) && c.experimental === experimental && c.control === control);
    const labels = { title: label!, experimental: armLabel(summary, experimental!), control: armLabel(summary, control!) };
    showForest(host, name!, labels, rows, (key) => inWords(summary, key));
  },
  evidence: (host) => showEvidence(host, host.dataset.name!, host.dataset.label!, summary.evidence.filter((r) => r.role === host.dataset.role)),
  twins: (host) => {
    const t = summary.twins![host.dataset.key!];
    showTwins(host, host.dataset.name!, host.dataset.label!, t, armLabel(summary, t.experimental), armLabel(summary, t.control));
  },
  "twin-groups": (host) => showTwinGroups(host, host.dataset.name!, host.dataset.label!, summary.twins![host.dataset.key!].by, (key) => inWords(summary, key)),
};

for (const host of document.querySelectorAll<HTMLElement>("[data-figure]")) draw[host.dataset.figure!](host);

// Paper shows what a reader of the screen can open.
window.addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((d) => (d.open = true)));
