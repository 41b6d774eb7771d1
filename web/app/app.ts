// SPDX-License-Identifier: Apache-2.0
// The page of coley serve: a trial, its form, a run that is watched, results, comparison, a patient, saved runs.
import "../figures/licences";
import { api, ApiError, hasToken, setToken, takeAddress, type Asked, type FullSummary, type ProtocolFile, type Run } from "./client";
import { save } from "../figures/frame";
import { byId, el } from "./dom";
import { ProtocolForm } from "./form";
import { PatientView } from "./patient";
import { changes, tomlFile, withChanges, type Protocol } from "./protocol";
import { drawSurvival, endpointsOf, numbers, Results, shortResult } from "./results";
import { SavedList } from "./saved";
import { Watch } from "./watch";

interface State { trial: string | null; file: ProtocolFile | null; now: Protocol; patients: number; seed: number; twins: boolean; live: boolean; run: number | null }

const stateKey = "coley-state";
const state: State = { trial: null, file: null, now: {}, patients: 4000, seed: 1, twins: false, live: true, run: null };
let summary: FullSummary | null = null;
let place: string | null = null;
let form: ProtocolForm;
let timer = 0;

const results = new Results(byId("results"));
const watch = new Watch(seen, failed);
const saved = new SavedList(byId("saved"), { open: (id) => void openSaved(id), repeat: (id) => void watch.repeat(id), failed });
new PatientView(byId("patient"), () => place);

const remember = () => sessionStorage.setItem(stateKey, JSON.stringify(state));

function say(text: string): void { byId("status").textContent = text; }

function complain(message: string): void {
  byId("fault").textContent = message;
  byId("fault").hidden = !message;
}

function failed(error: ApiError | Error): void {
  const api_error = error instanceof ApiError ? error : null;
  if (api_error?.status === 401) return askPassword();
  complain(error.message);
  form?.mark(api_error?.faults ?? []);
  say("");
  byId<HTMLButtonElement>("stop").disabled = true;
}

function askPassword(): void {
  byId("wrong-password").hidden = !hasToken();
  byId("locked").hidden = false;
  byId("app").hidden = true;
  byId("password").focus();
}

/** What is run: the shipped trial by its name, with --set where that can say what was changed, else a file. */
function asked(): Asked {
  const { patients, seed, twins } = state;
  const sets = changes(state.file!.protocol, state.now);
  const own = { text: state.file!.text, file_name: state.file!.file_name };
  if (sets) return { ...(state.trial ? { trial: state.trial } : own), sets, patients, seed, twins };
  return { text: tomlFile(state.now), file_name: own.file_name, sets: [], patients, seed, twins };
}

function run(): void {
  if (!state.file) return;
  complain("");
  form.mark([]);
  say("Starting …");
  byId<HTMLButtonElement>("stop").disabled = false;
  void watch.start(asked());
}

function changed(): void {
  const sets = changes(state.file!.protocol, state.now);
  byId("changes").textContent = !sets ? "The protocol has other parts than the file." : sets.length ? `Changed: ${sets.join(", ")}` : "As in the file.";
  remember();
  clearTimeout(timer);
  if (state.live) timer = window.setTimeout(run, 120);
}

const endWords: Record<string, string> = { done: "Done", stopped: "Stopped", refused: "Refused", failed: "Failed", waiting: "Waiting", running: "Running" };

function seen(now: Run): void {
  state.run = now.id;
  place = `runs/${now.id}`;
  remember();
  const over = now.state !== "running" && now.state !== "waiting";
  byId<HTMLButtonElement>("stop").disabled = over;
  byId<HTMLButtonElement>("save").disabled = (over && now.state !== "done") || now.save_as !== null;
  byId<HTMLButtonElement>("report").disabled = now.state !== "done";
  byId<HTMLButtonElement>("keep").disabled = !now.summary && !summary;
  const progress = byId<HTMLProgressElement>("progress");
  progress.max = now.asked.patients;
  progress.value = now.done;
  const same = now.identical === null ? "" : now.identical ? " The repeat is identical to the saved run." : " The repeat differs from the saved run.";
  const saving = now.save_as === null ? "" : now.state === "done" ? " Saved." : over ? "" : " It is saved when done, even if this page is closed.";
  say(`${endWords[now.state]}: ${now.done} of ${now.asked.patients} patients.${same}${saving}`);
  if (now.save_as !== null && now.state === "done") void saved.refresh();
  if (now.state === "refused" || now.state === "failed") complain(now.reason);
  if (now.state === "stopped" && now.reason !== "stopped") complain(now.reason);
  if (now.summary) show(now.summary);
}

function show(now: FullSummary): void {
  summary = now;
  byId("empty").hidden = true;
  byId("title").textContent = now.trial.title;
  byId("command").textContent = now.coley.command;
  byId("repeat").hidden = false;
  results.update(now);
}

async function choose(trial: string): Promise<void> {
  try {
    const file = await api.trial(trial);
    take(trial, file, file.protocol);
    run();
  } catch (error) { failed(error as ApiError); }
}

function take(trial: string | null, file: ProtocolFile, now: Protocol): void {
  state.trial = trial;
  state.file = file;
  state.now = structuredClone(now);
  byId<HTMLSelectElement>("trial").value = trial ?? "";
  byId("name").textContent = `${now.title ?? now.name ?? file.file_name}`;
  form.show(state.now);
  changed();
  clearTimeout(timer);
}

async function upload(input: HTMLInputElement): Promise<void> {
  const file = input.files?.[0];
  if (!file) return;
  complain("");
  try {
    const checked = await api.check({ text: await file.text(), file_name: file.name });
    if (!checked.ok || !checked.file) return complain(checked.message);
    take(null, checked.file, checked.file.protocol);
    run();
  } catch (error) { failed(error as ApiError); } finally { input.value = ""; }
}

async function openSaved(id: number): Promise<void> {
  try {
    const file = await api.savedRun(id);
    const checked = await api.check({ text: file.protocol, file_name: file.file_name });
    if (checked.file) take(file.trial || null, checked.file, withChanges(checked.file.protocol, file.sets));
    Object.assign(state, { patients: file.patients, seed: file.seed, twins: file.twins });
    settings();
    await watch.leave();
    place = `saved/${id}`;
    for (const button of ["save", "report"]) byId<HTMLButtonElement>(button).disabled = true;
    show(file.summary);
    say(`Saved run “${file.name}”.`);
    byId<HTMLButtonElement>("keep").disabled = false;
  } catch (error) { failed(error as ApiError); }
}

/** Puts what is shown beside what will be shown. */
function keepBeside(): void {
  if (!summary) return;
  const host = byId("beside");
  const kept = summary;
  const sets = asked().sets;
  const endpoint = endpointsOf(kept)[0];
  const figure = el("div", {});
  const column = el("article", { class: "column" }, el("h3", {}, kept.trial.name), el("p", { class: "soft" }, `${kept.coley.patients} patients, seed ${kept.coley.seed}${sets.length ? `; ${sets.join(", ")}` : ""}`),
    el("p", {}, shortResult(kept)), figure, numbers(kept, endpoint),
    el("button", { type: "button", class: "small", "aria-label": `Remove ${kept.trial.name} from the comparison`, click: () => { column.remove(); byId("beside-empty").hidden = host.childElementCount > 0; } }, "Remove"));
  host.append(column);
  byId("beside-empty").hidden = true;
  drawSurvival(figure, kept, endpoint);
}

async function saveRun(): Promise<void> {
  if (state.run === null) return;
  try {
    const { id } = await api.save(state.run, byId<HTMLInputElement>("save-name").value.trim());
    if (id === null) return watch.letGoOn();
    say("Saved.");
    await saved.refresh();
  } catch (error) { failed(error as ApiError); }
}

async function downloadReport(): Promise<void> {
  if (state.run === null || !summary) return;
  try {
    save(await api.report(state.run), `${summary.trial.name}-report.html`);
  } catch (error) { failed(error as ApiError); }
}

/** Sets the fields to the state. */
function settings(): void {
  byId<HTMLInputElement>("patients").value = byId<HTMLInputElement>("patients-slider").value = `${state.patients}`;
  byId<HTMLInputElement>("seed").value = `${state.seed}`;
  byId<HTMLInputElement>("twins").checked = state.twins;
  byId<HTMLInputElement>("live").checked = state.live;
}

function wire(): void {
  const number = (id: string, put: (value: number) => void) => byId<HTMLInputElement>(id).addEventListener("input", (event) => {
    const value = (event.target as HTMLInputElement).valueAsNumber;
    if (Number.isNaN(value)) return;
    put(value);
    changed();
  });
  number("patients", (v) => { state.patients = v; byId<HTMLInputElement>("patients-slider").value = `${v}`; });
  number("patients-slider", (v) => { state.patients = v; byId<HTMLInputElement>("patients").value = `${v}`; });
  number("seed", (v) => (state.seed = v));
  byId("twins").addEventListener("change", () => { state.twins = byId<HTMLInputElement>("twins").checked; changed(); });
  byId("live").addEventListener("change", () => { state.live = byId<HTMLInputElement>("live").checked; remember(); });
  byId("run").addEventListener("click", run);
  byId("stop").addEventListener("click", () => void watch.stop().catch(failed));
  byId("reset").addEventListener("click", () => { if (state.file) { take(state.trial, state.file, state.file.protocol); run(); } });
  byId("save-form").addEventListener("submit", (event) => { event.preventDefault(); void saveRun(); });
  byId("report").addEventListener("click", () => void downloadReport());
  byId("keep").addEventListener("click", keepBeside);
  byId("upload").addEventListener("change", () => void upload(byId<HTMLInputElement>("upload")));
  byId("trial").addEventListener("change", () => void choose(byId<HTMLSelectElement>("trial").value));
  byId("unlock").addEventListener("submit", (event) => { event.preventDefault(); setToken(byId<HTMLInputElement>("password").value); location.reload(); });
  window.addEventListener("beforeprint", () => document.querySelectorAll("main details").forEach((d) => ((d as HTMLDetailsElement).open = true)));
}

async function begin(): Promise<void> {
  const address = takeAddress();
  wire();
  try {
    const [info, schema, trials] = await Promise.all([api.info(), api.schema(), api.trials()]);
    byId("version").textContent = info.version;
    byId<HTMLInputElement>("patients").max = `${info.limits.patients}`;
    form = new ProtocolForm(byId("form"), schema as any, info.drugs, changed);
    byId("trial").append(el("option", { value: "", disabled: true }, "a file of your own"), ...trials.map((t) => el("option", { value: t.name }, `${t.name}: ${t.title}`)));
    await saved.refresh();
    const before = sessionStorage.getItem(stateKey);
    const known: State | null = before ? JSON.parse(before) : null;
    if (address.has("trial") || !known?.file) {
      state.patients = Number(address.get("patients")) || state.patients;
      settings();
      return choose(address.get("trial") ?? "keynote-564");
    }
    Object.assign(state, known);
    settings();
    take(known.trial, known.file, known.now);
    if (known.run === null) return run();
    await watch.resume(known.run);
  } catch (error) { failed(error as ApiError); }
}

settings();
void begin();
