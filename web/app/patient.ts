// SPDX-License-Identifier: Apache-2.0
// One patient of a run, replayed on every arm: what is known, a time line that can be played, and the events.
import { showTrajectory, type CoursePoint } from "../figures/trajectory";
import { api, ApiError, type Patient } from "./client";
import { el, words } from "./dom";
import type { Json } from "./protocol";

const facts = ["age_years", "sex", "ecog", "risk", "imdc", "t_stage", "grade", "sarcomatoid", "metastases", "size_mm"];
const shown = (value: Json): string => (typeof value === "number" ? `${Math.round(10 * value) / 10}` : typeof value === "boolean" ? (value ? "yes" : "no") : `${value}`);

export class PatientView {
  private number = el("input", { type: "number", min: "0", step: "1", value: "0", id: "patient-number" });
  private out = el("div", { "aria-live": "polite" });
  private timer = 0;

  /** `place` is "runs/3" or "saved/1"; null while there is no run. */
  constructor(host: HTMLElement, private place: () => string | null) {
    const open = el("button", { type: "submit" }, "Open patient");
    host.append(el("form", { class: "row", submit: (event) => { event.preventDefault(); void this.open(); } },
      el("label", { for: "patient-number" }, "Number of the patient in the run, from 0"), this.number, open), this.out);
  }

  private async open(): Promise<void> {
    const place = this.place();
    if (!place) return this.out.replaceChildren(el("p", {}, "Run a trial first."));
    clearInterval(this.timer);
    this.out.replaceChildren(el("p", {}, "Replaying …"));
    try {
      this.show(await api.patient(place, this.number.valueAsNumber || 0));
    } catch (error) {
      this.out.replaceChildren(el("p", { role: "alert", class: "fault" }, (error as ApiError).message));
    }
  }

  private show(one: Patient): void {
    const known = facts.filter((key) => key in one.patient);
    const arms = el("select", { id: "patient-arm", change: () => draw() }, ...one.arms.map((a) => el("option", { value: a.name }, a.assigned ? `${a.label} (assigned)` : `${a.label} (what would have been)`)));
    arms.value = one.arms.find((a) => a.assigned)?.name ?? one.arms[0].name;
    const figure = el("div", { "data-figure": "trajectory" });
    const end = Math.max(1, ...one.arms.flatMap((a) => a.course.map((p) => p.day)));
    const day = el("input", { type: "range", id: "patient-day", min: "0", max: `${Math.ceil(end)}`, step: "1", value: `${Math.ceil(end)}`, input: () => draw() });
    const now = el("p", { class: "now" });
    const play = el("button", { type: "button", click: () => this.play(day, play, draw) }, "Play");
    const draw = () => {
      const arm = one.arms.find((a) => a.name === arms.value)!;
      showTrajectory(figure, `patient-${one.id}-${arm.name}`, `Virtual patient ${one.id}`, arm, day.valueAsNumber < Math.ceil(end) ? day.valueAsNumber : null);
      now.textContent = stateOn(arm.course, day.valueAsNumber);
      events.replaceChildren(...arm.course.filter((p) => p.event && !/^(dose|scan)/.test(p.event)).map((p) => el("li", {}, `Day ${Math.round(p.day)}: ${p.event}`)));
    };
    const events = el("ol", { class: "events" });
    this.out.replaceChildren(el("dl", {}, ...known.flatMap((key) => [el("dt", {}, words(key)), el("dd", {}, shown(one.patient[key]))])),
      el("p", {}, el("label", { for: "patient-arm" }, "Arm "), arms), figure,
      el("p", { class: "row" }, play, el("label", { for: "patient-day" }, "Day"), day), now, el("h4", {}, "Events other than doses and scans"), events);
    draw();
  }

  private play(day: HTMLInputElement, button: HTMLButtonElement, draw: () => void): void {
    const stop = () => { clearInterval(this.timer); this.timer = 0; button.textContent = "Play"; };
    if (this.timer) return stop();
    if (day.valueAsNumber >= Number(day.max)) day.value = "0";
    button.textContent = "Pause";
    this.timer = window.setInterval(() => {
      day.value = `${day.valueAsNumber + Math.ceil(Number(day.max) / 150)}`;
      draw();
      if (day.valueAsNumber >= Number(day.max)) stop();
    }, 60);
  }
}

const cells = (n: number): string => n.toFixed(n < 10 ? 1 : 0);

function stateOn(course: CoursePoint[], day: number): string {
  const at = course.filter((p) => p.day <= day).pop();
  if (!at) return "";
  const sizes = at.lesions.map((l) => `${l.organ.replace("_", " ")} ${l.diameter_mm.toFixed(1)} mm${l.known ? "" : " (unseen)"}`).join(", ");
  return `Day ${Math.round(at.day)}: ${sizes || "no living lesion"}; circulating T cells ${cells(at.C)}, memory ${cells(at.M)} (10⁶).`;
}
