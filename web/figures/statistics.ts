// SPDX-License-Identifier: Apache-2.0
// Draws every <div data-figure="..."> of a page of `coley survival`, `coley meta` or `coley design` from the JSON in <script id="data">.
import "./licences";
import { showCurves, type Curve } from "./curves";
import { showDuration, showMembers, showPower, showStops, showTrueCurves, type DesignPage } from "./design";
import { showFunnel, showMetaForest, type Forest, type ForestRow } from "./meta";
import { showSobol, type SobolRow } from "./sobol";

interface Page {
  km?: { groups: { group: string | null; curve: Omit<Curve, "group"> }[] };
  measure?: string;
  forest?: Forest;
  subgroups?: Subgroups[];
  sobol?: { output: string; rows: SobolRow[] }[];
  competing_risks?: { states: string[]; groups: { group: string; curve: { time: number[]; n_risk: number[]; prob: number[][] } }[] };
}

type Num = number | null;
interface Effect { hr: { value: Num[]; lower: Num[]; upper: Num[] } }  // of one coefficient
interface Subgroups { column: string; overall: Effect; levels: { level: string; events: [number, number]; effect: Effect }[] }

const page = JSON.parse(document.getElementById("data")!.textContent!) as Page;

/** The hazard ratio over all as a diamond, then each subgroup as a square of its events. */
function subgroupForest(subgroups: Subgroups[]): Forest {
  const row = (kind: ForestRow["kind"], label: string, { hr }: Effect, weight?: number): ForestRow => ({ kind, label, estimate: hr.value[0], low: hr.lower[0], high: hr.upper[0], weight });
  const levels = subgroups.flatMap((s) => s.levels.map((l) => row("study", `${s.column}: ${l.level}`, l.effect, l.events[0] + l.events[1])));
  return { scale: "log", no_effect: 1, rows: [row("pooled", "all", subgroups[0].overall), ...levels] };
}

/** A curve a group and cause. */
function incidence(): Curve[] {
  const { states, groups } = page.competing_risks!;
  return groups.flatMap(({ group, curve }) => states.slice(1).map((cause, k) =>
    ({ group: `${group}, ${cause}`, time: curve.time, surv: curve.prob[k + 1], lower: curve.time.map(() => null), upper: curve.time.map(() => null), n_risk: curve.n_risk })));
}

/** A place for each below the other. */
function each<T>(host: HTMLElement, all: T[], draw: (one: HTMLElement, item: T, i: number) => void): void {
  all.forEach((item, i) => {
    const one = document.createElement("div");
    host.append(one);
    draw(one, item, i);
  });
}

const draw: Record<string, (host: HTMLElement) => void> = {
  curves: (host) => showCurves(host, "survival", "Survival by group", page.km!.groups.map((g) => ({ group: g.group ?? "all", ...g.curve }))),
  incidence: (host) => showCurves(host, "incidence", "Cumulative incidence by group and cause", incidence(), "incidence", 0),
  subgroups: (host) => showMetaForest(host, "subgroups", "Hazard ratio by subgroup", "hazard ratio", subgroupForest(page.subgroups!)),
  forest: (host) => showMetaForest(host, "forest", "Forest plot", page.measure!, page.forest!),
  sobol: (host) => each(host, page.sobol!, (one, s, i) => showSobol(one, `sobol-${i + 1}`, s.output, s.rows)),
  "design-curves": (host) => showTrueCurves(host, page as unknown as DesignPage),
  "design-power": (host) => showPower(host, page as unknown as DesignPage),
  "design-stops": (host) => showStops(host, page as unknown as DesignPage),
  "design-members": (host) => showMembers(host, page as unknown as DesignPage),
  "design-duration": (host) => showDuration(host, page as unknown as DesignPage),
  funnel: (host) => showFunnel(host, "funnel", "Funnel plot", page.measure!, page.forest!),
};

for (const host of document.querySelectorAll<HTMLElement>("[data-figure]")) draw[host.dataset.figure!](host);
