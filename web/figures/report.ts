// SPDX-License-Identifier: Apache-2.0
// Draws every <div data-figure="..."> of report.html from the summary in <script id="data">.
import "./licences";
import { showConsort } from "./consort";
import { showEvidence } from "./evidence";
import { showForest } from "./forest";
import { showHazard } from "./hazard";
import { armCurves, showSurvival } from "./km";
import { patientArm, showSpider, showSwimmer, showWaterfall } from "./patients";
import { armLabel, inWords, type Summary } from "./summary";
import { showTwinPatients } from "./twin_patients";
import { showTwinGroups, showTwins } from "./twins";

const summary = JSON.parse(document.getElementById("data")!.textContent!) as Summary;
const same = (a: string | null, b: string | undefined) => (a ?? "") === (b ?? "");

const curves = ({ dataset: { endpoint, cutoff } }: HTMLElement) => armCurves(summary, (c) => c.endpoint === endpoint && same(c.cutoff, cutoff));

const draw: Record<string, (host: HTMLElement) => void> = {
  consort: (host) => showConsort(host, summary),
  survival: (host) => showSurvival(host, host.dataset.name!, host.dataset.label!, curves(host)),
  hazard: (host) => showHazard(host, host.dataset.name!, host.dataset.label!, curves(host)),
  waterfall: (host) => showWaterfall(host, host.dataset.name!, patientArm(summary, host.dataset.arm!)),
  swimmer: (host) => showSwimmer(host, host.dataset.name!, patientArm(summary, host.dataset.arm!)),
  spider: (host) => showSpider(host, host.dataset.name!, summary.arms.map((a) => patientArm(summary, a.name))),
  "twin-patients": (host) => showTwinPatients(host, host.dataset.name!, host.dataset.label!, summary.twins![host.dataset.key!], (key) => inWords(summary, key)),
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
