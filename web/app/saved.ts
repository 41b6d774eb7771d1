// SPDX-License-Identifier: Apache-2.0
// Saved runs: a list to open, repeat, export and delete from, and import.
import { save } from "../figures/frame";
import { api, type ApiError, type Saved } from "./client";
import { el } from "./dom";

interface Actions { open(id: number): void; repeat(id: number): void; failed(error: ApiError): void }

export class SavedList {
  private out = el("div", {});

  constructor(host: HTMLElement, private actions: Actions) {
    const file = el("input", { type: "file", id: "import", accept: ".json,application/json", change: () => void this.import(file) });
    host.append(this.out, el("p", {}, el("label", { for: "import" }, "Import an exported run "), file));
  }

  async refresh(): Promise<void> {
    await this.try(async () => this.show(await api.saved()));
  }

  private async try(act: () => Promise<void>): Promise<void> {
    try { await act(); } catch (error) { this.actions.failed(error as ApiError); }
  }

  private show(runs: Saved[]): void {
    if (!runs.length) return this.out.replaceChildren(el("p", { class: "soft" }, "None yet."));
    const button = (run: Saved, label: string, act: () => void) => el("button", { type: "button", class: "small", "aria-label": `${label} ${run.name}`, click: act }, label);
    this.out.replaceChildren(el("ul", { class: "saved" }, ...runs.map((run) => el("li", { "data-saved": `${run.id}` },
      el("strong", {}, run.name), el("span", { class: "soft" }, ` ${run.created.replace("T", " ").replace("Z", "")} UTC, ${run.asked.patients} patients, seed ${run.asked.seed}, coley ${run.version}${run.asked.sets.length ? `; ${run.asked.sets.join(", ")}` : ""}`),
      el("span", { class: "row" }, button(run, "Open", () => this.actions.open(run.id)), button(run, "Repeat", () => this.actions.repeat(run.id)),
        button(run, "Export", () => void this.try(() => this.export(run))),
        button(run, "Delete", () => void this.try(async () => { await api.forget(run.id); await this.refresh(); })))))));
  }

  private async export(run: Saved): Promise<void> {
    save(new Blob([JSON.stringify(await api.savedRun(run.id), null, 1)], { type: "application/json" }), `coley-run-${run.id}.json`);
  }

  private async import(input: HTMLInputElement): Promise<void> {
    const file = input.files?.[0];
    if (!file) return;
    await this.try(async () => {
      let run;
      try { run = JSON.parse(await file.text()); } catch { throw new Error(`${file.name} is not JSON`); }
      await api.import(run);
      await this.refresh();
    });
    input.value = "";
  }
}
