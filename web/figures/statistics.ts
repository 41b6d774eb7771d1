// SPDX-License-Identifier: Apache-2.0
/*! Contains modules of d3 (array, axis, color, format, interpolate, path, scale, selection, shape, time), copyright
2010-2021 Mike Bostock, used under these licences.
BSD-3-Clause: Redistribution and use in source and binary forms, with or without modification, are permitted provided that
the following conditions are met: 1. Redistributions of source code must retain the above copyright notice, this list of
conditions and the following disclaimer. 2. Redistributions in binary form must reproduce the above copyright notice, this
list of conditions and the following disclaimer in the documentation and/or other materials provided with the distribution.
3. Neither the name of the author nor the names of contributors may be used to endorse or promote products derived from this
software without specific prior written permission. THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS
IS" AND ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND
FITNESS FOR A PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT OWNER OR CONTRIBUTORS BE LIABLE FOR ANY
DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF
SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF
LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE
USE OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
ISC (array): Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby
granted, provided that the above copyright notice and this permission notice appear in all copies. THE SOFTWARE IS PROVIDED
"AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF
MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL
DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE
OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE. */
// Draws every <div data-figure="..."> of a page of `coley survival` or `coley meta` from the JSON in <script id="data">.
import { showCurves, type Curve } from "./curves";
import { showFunnel, showMetaForest, type Forest, type ForestRow } from "./meta";

interface Page {
  km?: { groups: { group: string | null; curve: Omit<Curve, "group"> }[] };
  measure?: string;
  forest?: Forest;
  subgroups?: Subgroups[];
  competing_risks?: { states: string[]; groups: { group: string; curve: { time: number[]; n_risk: number[]; prob: number[][] } }[] };
}

interface Effect { hr: { value: number | null; lower: number | null; upper: number | null } }
interface Subgroups { column: string; overall: Effect; levels: { level: string; events: [number, number]; effect: Effect }[] }

const page = JSON.parse(document.getElementById("data")!.textContent!) as Page;

/** The hazard ratio over all as a diamond, then each subgroup as a square of its events. */
function subgroupForest(subgroups: Subgroups[]): Forest {
  const row = (kind: ForestRow["kind"], label: string, { hr }: Effect, weight?: number): ForestRow => ({ kind, label, estimate: hr.value, low: hr.lower, high: hr.upper, weight });
  const levels = subgroups.flatMap((s) => s.levels.map((l) => row("study", `${s.column}: ${l.level}`, l.effect, l.events[0] + l.events[1])));
  return { scale: "log", no_effect: 1, rows: [row("pooled", "all", subgroups[0].overall), ...levels] };
}

/** A curve a group and cause. */
function incidence(): Curve[] {
  const { states, groups } = page.competing_risks!;
  return groups.flatMap(({ group, curve }) => states.slice(1).map((cause, k) =>
    ({ group: `${group}, ${cause}`, time: curve.time, surv: curve.prob[k + 1], lower: curve.time.map(() => null), upper: curve.time.map(() => null), n_risk: curve.n_risk })));
}

const draw: Record<string, (host: HTMLElement) => void> = {
  curves: (host) => showCurves(host, "survival", "Survival by group", page.km!.groups.map((g) => ({ group: g.group ?? "all", ...g.curve }))),
  incidence: (host) => showCurves(host, "incidence", "Cumulative incidence by group and cause", incidence(), "incidence", 0),
  subgroups: (host) => showMetaForest(host, "subgroups", "Hazard ratio by subgroup", "hazard ratio", subgroupForest(page.subgroups!)),
  forest: (host) => showMetaForest(host, "forest", "Forest plot", page.measure!, page.forest!),
  funnel: (host) => showFunnel(host, "funnel", "Funnel plot", page.measure!, page.forest!),
};

for (const host of document.querySelectorAll<HTMLElement>("[data-figure]")) draw[host.dataset.figure!](host);
