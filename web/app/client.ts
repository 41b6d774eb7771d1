// SPDX-License-Identifier: Apache-2.0
// The HTTP API (docs/openapi.json) as the page calls it. The token comes with the address and is kept for this origin.
import type { Summary } from "../figures/summary";
import type { ArmCourse } from "../figures/trajectory";
import type { Json } from "./protocol";

export interface TrialEntry { name: string; title: string; disease: string; entry: string; size: number }
export interface ProtocolFile { file_name: string; text: string; protocol: Record<string, Json> }
export interface Fault { key: string; found: string; expected: string }
export interface Checked { ok: boolean; message: string; faults: Fault[]; file: ProtocolFile | null }
export interface Asked { trial?: string | null; text?: string; file_name?: string; sets: string[]; patients: number; seed: number; twins: boolean }
export type RunState = "waiting" | "running" | "done" | "stopped" | "refused" | "failed";
export interface Run { id: number; state: RunState; reason: string; done: number; version: number; asked: Asked; save_as: string | null; repeats: number | null; identical: boolean | null; summary: FullSummary | null }
export interface Saved { id: number; name: string; created: string; version: string; parameters_sha256: string; asked: Asked }
export interface SavedFile extends Asked { format: string; name: string; created: string; protocol: string; summary: FullSummary }
export interface Patient { id: number; patient: Record<string, Json>; follow_up_days: number; arms: (ArmCourse & { outcome: Record<string, Json>; endpoints: Record<string, { day: number; event: boolean }> })[] }
export interface Info { version: string; disclaimer: string; drugs: string[]; limits: { patients: number } }

/** The parts of summary.json that the page's tables show, beside those of the figures. */
export interface FullSummary extends Summary {
  coley: { version: string; seed: number; patients: number; replicates: number; command: string };
}

export class ApiError extends Error {
  constructor(readonly status: number, message: string, readonly faults: Fault[]) { super(message); }
}

const tokenKey = "coley-token";

/** What the address says after #; the token is taken out of it, so that it is not copied with it. */
export function takeAddress(): URLSearchParams {
  const given = new URLSearchParams(location.hash.slice(1));
  const token = given.get("token");
  if (token) localStorage.setItem(tokenKey, token);
  history.replaceState(null, "", location.pathname);
  return given;
}

export const setToken = (token: string): void => localStorage.setItem(tokenKey, token);

export const hasToken = (): boolean => !!localStorage.getItem(tokenKey);

async function send(method: string, path: string, body?: unknown): Promise<Response> {
  const headers: Record<string, string> = { Authorization: `Bearer ${localStorage.getItem(tokenKey) ?? ""}` };
  if (method === "POST") headers["Content-Type"] = "application/json";
  let answer: Response;
  try {
    answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new ApiError(0, "The server does not answer. Is coley serve still running?", []);
  }
  if (answer.ok) return answer;
  const { error } = await answer.json();
  throw new ApiError(answer.status, error.message, error.faults ?? []);
}

const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => (await send(method, path, body)).json();

export const api = {
  info: () => call<Info>("GET", "/api/info"),
  schema: () => call<Json>("GET", "/api/schema"),
  trials: () => call<TrialEntry[]>("GET", "/api/trials"),
  trial: (name: string) => call<ProtocolFile>("GET", `/api/trials/${encodeURIComponent(name)}`),
  check: (asked: Partial<Asked>) => call<Checked>("POST", "/api/check", asked),
  submit: (asked: Asked) => call<{ id: number }>("POST", "/api/runs", asked),
  run: (id: number, since: number) => call<Run>("GET", `/api/runs/${id}?since=${since}`),
  report: async (id: number): Promise<Blob> => (await send("GET", `/api/runs/${id}/report`)).blob(),
  stop: (id: number) => call<Run>("DELETE", `/api/runs/${id}`),
  patient: (place: string, patient: number) => call<Patient>("GET", `/api/${place}/patients/${patient}`),
  saved: () => call<Saved[]>("GET", "/api/saved"),
  savedRun: (id: number) => call<SavedFile>("GET", `/api/saved/${id}`),
  save: (run: number, name: string) => call<{ id: number | null }>("POST", "/api/saved", { run, name }),
  import: (file: Json) => call<{ id: number }>("POST", "/api/saved", file),
  repeat: (id: number) => call<{ id: number }>("POST", `/api/saved/${id}/repeat`, {}),
  forget: (id: number) => call<Json>("DELETE", `/api/saved/${id}`),
};
