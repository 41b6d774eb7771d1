// SPDX-License-Identifier: Apache-2.0
// What came out, as tables and figures that are drawn again in their places as patients finish.
import { showConsort } from "../figures/consort";
import { showEvidence } from "../figures/evidence";
import { showForest } from "../figures/forest";
import { showHazard } from "../figures/hazard";
import { armCurves, showSurvival, survivalAt } from "../figures/km";
import { patientArm, showSpider, showSwimmer, showWaterfall } from "../figures/patients";
import { armLabel, inWords, type Comparison } from "../figures/summary";
import { showTwinPatients } from "../figures/twin_patients";
import { showTwinGroups, showTwins } from "../figures/twins";
import { fixed, interval, percent } from "../figures/words";
import type { FullSummary } from "./client";
import { el, words } from "./dom";

export const endpointNames: Record<string, string> = {
  OS: "Overall survival", PFS: "Progression-free survival", DFS: "Disease-free survival", RFI: "Recurrence-free interval", TTNT: "Time to next treatment", TTD: "Time to end of treatment",
  TFS: "Treatment-free survival", DOR: "Duration of response", TTR: "Time to response", TTDET: "Time to deterioration", LC: "Local control",
};
export const named = (endpoint: string): string => endpointNames[endpoint] ?? endpoint;

/** Endpoints in order of the summary. */
export const endpointsOf = (summary: FullSummary): string[] => [...new Set(summary.figures.survival.map((c) => c.endpoint))];

export function drawSurvival(host: HTMLElement, summary: FullSummary, endpoint: string): void {
  const arms = armCurves(summary, (c) => c.endpoint === endpoint);
  if (arms.length) showSurvival(host, `survival-${endpoint}`, named(endpoint), arms);
}

const whole = (summary: FullSummary) => summary.comparisons.filter((c) => !c.covariate);

/** One row an arm and endpoint, one a comparison. */
export function numbers(summary: FullSummary, endpoint: string): HTMLElement {
  const curves = summary.figures.survival.filter((c) => c.endpoint === endpoint);
  const last = Math.max(0, ...curves.map((c) => c.points[c.points.length - 1]?.month ?? 0));
  const months = [12, 24, 36, 60].filter((m) => m <= last);
  const rows = curves.map((c) => el("tr", {}, el("th", { scope: "row" }, armLabel(summary, c.arm)), el("td", {}, `${c.at_risk[0]?.at_risk ?? 0}`),
    ...months.map((m) => el("td", {}, percent(survivalAt(c.points, m))))));
  const ratios = whole(summary).filter((c) => c.endpoint === endpoint && c.cutoff === curves[0]?.cutoff).map((c) =>
    el("p", { class: "ratio" }, `Hazard ratio, ${armLabel(summary, c.experimental)} against ${armLabel(summary, c.control)}: `, el("strong", {}, c.hazard_ratio ? interval(c.hazard_ratio, 2) : "not estimable")));
  return el("div", {}, el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": `${named(endpoint)} by arm` }, el("table", {}, el("caption", {}, `${named(endpoint)}, virtual patients`),
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Arm"), el("th", { scope: "col" }, "n"), ...months.map((m) => el("th", { scope: "col" }, `${m} months`)))),
    el("tbody", {}, ...rows))), ...ratios);
}

function responses(summary: FullSummary): HTMLElement | null {
  const arms = summary.arms.filter((a) => a.response);
  if (!arms.length) return null;
  return el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": "Response" }, el("table", {}, el("caption", {}, "Best response, RECIST 1.1"),
    el("thead", {}, el("tr", {}, ...["Arm", "n", "Response", "Complete", "Stable", "Progression"].map((t) => el("th", { scope: "col" }, t)))),
    el("tbody", {}, ...arms.map(({ label, response: r }) => el("tr", {}, el("th", { scope: "row" }, label), el("td", {}, `${r!.n}`), el("td", {}, percent(r!.orr.estimate)),
      el("td", {}, percent(r!.cr_rate.estimate)), el("td", {}, percent(r!.n ? r!.SD / r!.n : null)), el("td", {}, percent(r!.n ? r!.PD / r!.n : null)))))));
}

export class Results {
  private places = new Map<string, HTMLElement>();
  private used = new Set<string>();
  private endpoint = "";
  private summary: FullSummary | null = null;

  constructor(private host: HTMLElement) {}

  update(summary: FullSummary): void {
    this.summary = summary;
    this.used.clear();
    const endpoints = endpointsOf(summary);
    if (!endpoints.includes(this.endpoint)) this.endpoint = endpoints[0] ?? "";
    this.section("survival", "Survival", (host) => this.survival(host, endpoints));
    const response = responses(summary);
    if (response) this.section("response", "Response", (host) => host.replaceChildren(response));
    this.figure("hazard", `Hazard over time: ${named(this.endpoint)}`, (host) => showHazard(host, "hazard", named(this.endpoint), armCurves(summary, (c) => c.endpoint === this.endpoint)));
    for (const [name, rows] of this.forests(summary)) this.figure(name, `Hazard ratios by subgroup: ${named(rows[0].endpoint)}`, (host) =>
      showForest(host, name, { title: named(rows[0].endpoint), experimental: armLabel(summary, rows[0].experimental), control: armLabel(summary, rows[0].control) }, rows, (key) => inWords(summary, key)));
    for (const [key, t] of Object.entries(summary.twins ?? {})) {
      this.figure(`twins-${key}`, `The same patient on both arms: ${named(key.split("/")[0])}`, (host) => showTwins(host, `twins-${key}`, named(key.split("/")[0]), t, armLabel(summary, t.experimental), armLabel(summary, t.control)));
      if (t.patients?.length && t.by.length) this.figure(`twin-patients-${key}`, "Single patients by what predicts their gain", (host) => showTwinPatients(host, `twin-patients-${key}`, named(key.split("/")[0]), t, (word) => inWords(summary, word)));
      if (t.by.length) this.figure(`twin-groups-${key}`, "What predicts the gain", (host) => showTwinGroups(host, `twin-groups-${key}`, named(key.split("/")[0]), t.by, (word) => inWords(summary, word)));
    }
    this.patients(summary);
    for (const role of ["calibration", "validation", "context"] as const) {
      const rows = summary.evidence.filter((r) => r.role === role);
      if (rows.length) this.figure(`evidence-${role}`, `Published against simulated: ${role}`, (host) => showEvidence(host, `evidence-${role}`, `Published against simulated, ${role} rows`, rows));
    }
    this.figure("flow", "Patient flow", (host) => showConsort(host, summary));
    for (const [name, place] of this.places) if (!this.used.has(name)) { place.remove(); this.places.delete(name); }
  }

  /** Known once the run is done. */
  private patients(summary: FullSummary): void {
    const all = summary.figures.patients ?? [];
    const arms = summary.arms.map((a) => patientArm(summary, a.name)).filter((a) => a.patients.length);
    const measured = all.some((p) => p.best_change !== null);
    if (measured) this.figure("spider", "Change of tumour size over time, first patients", (host) => showSpider(host, "spider", arms));
    for (const arm of arms) {
      if (measured) this.figure(`waterfall-${arm.index}`, `Best change of tumour size: ${arm.label}`, (host) => showWaterfall(host, `waterfall-${arm.index}`, arm));
      this.figure(`swimmer-${arm.index}`, `Time on treatment: ${arm.label}`, (host) => showSwimmer(host, `swimmer-${arm.index}`, arm));
    }
  }

  private forests(summary: FullSummary): Map<string, Comparison[]> {
    const groups = new Map<string, Comparison[]>();
    for (const c of summary.comparisons) {
      const name = `subgroups-${c.endpoint}-${c.cutoff}-${c.experimental}-${c.control}`;
      groups.set(name, [...(groups.get(name) ?? []), c]);
    }
    for (const [name, rows] of groups) if (!rows.some((c) => c.covariate)) groups.delete(name);
    return groups;
  }

  private section(name: string, heading: string, fill: (host: HTMLElement) => void): void {
    this.used.add(name);
    let place = this.places.get(name);
    if (!place) {
      place = el("section", { "data-part": name }, el("h3", {}, heading), el("div", {}));
      this.places.set(name, place);
      this.host.append(place);
    }
    fill(place.lastElementChild as HTMLElement);
  }

  private figure(name: string, heading: string, draw: (host: HTMLElement) => void): void {
    this.section(name, heading, draw);
  }

  private survival(host: HTMLElement, endpoints: string[]): void {
    if (host.dataset.endpoints !== endpoints.join()) {
      host.dataset.endpoints = endpoints.join();
      const select = el("select", { id: "endpoint", change: () => { this.endpoint = select.value; this.update(this.summary!); } }, ...endpoints.map((e) => el("option", { value: e }, named(e))));
      host.replaceChildren(el("p", {}, el("label", { for: "endpoint" }, "Endpoint "), select), el("div", { "data-figure": "survival" }), el("div", {}));
      select.value = this.endpoint;
    }
    drawSurvival(host.children[1] as HTMLElement, this.summary!, this.endpoint);
    host.children[2].replaceChildren(numbers(this.summary!, this.endpoint));
  }
}

/** Rates at a landmark for a line of text. */
export const shortResult = (summary: FullSummary): string =>
  whole(summary).slice(0, 2).map((c) => `${c.endpoint} hazard ratio ${fixed(c.hazard_ratio?.estimate ?? null, 2)}`).join(", ") || words("no comparison");
