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
// Draws every <div data-figure="..."> of report.html from the summary in <script id="data">.
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
