// SPDX-License-Identifier: Apache-2.0
// The parts of summary.json that figures draw (docs/summary.md). Absent values are null.

export type Num = number | null;

export interface Estimate { estimate: Num; low: Num; high: Num }

export interface FlowStep { name: string; label: string; patients: number; leaves: boolean }

export interface SurvivalPoint { month: number; survival: number; low: Num; high: Num }
export interface RiskRow { month: number; at_risk: number; censored: number; events: number }
export interface SurvivalCurve {
  endpoint: string;
  arm: string;
  cutoff: string | null;
  points: SurvivalPoint[];
  at_risk: RiskRow[];
  envelope: { level: number; points: { month: number; low: number; high: number }[] } | null;
  one_trial: { month: number; survival: number }[] | null;
}

export interface Comparison {
  endpoint: string;
  experimental: string;
  control: string;
  cutoff: string | null;
  subgroup: string;
  covariate: string | null;
  level: string | null;
  n_experimental: number;
  events_experimental: number;
  n_control: number;
  events_control: number;
  hazard_ratio: (Estimate & { p: Num }) | null;
  interaction_p: Num;
}

export interface TwinGroup {
  covariate: string;
  level: string;
  n: number;
  mean_benefit_days: Estimate;
  share_better: Num;
  share_worse: Num;
}
export interface Twins {
  experimental: string;
  control: string;
  n: number;
  horizon_months: number;
  mean_benefit_days: Estimate;
  benefit_days: { quantiles: { share: number; days: number }[] };
  share_better: number;
  share_worse: number;
  by: TwinGroup[];
  patients: { id: number; benefit_days: number; levels: Record<string, string> }[] | null;
}

export interface EvidenceRow {
  id: string;
  quantity: string;
  scale: "ratio" | "probability" | "months";
  published: Estimate;
  simulated: Estimate;
  simulated_trials: (Estimate & { level: number }) | null;
  role: "calibration" | "validation" | "context";
  agrees: boolean | null;
}

/** One of the first patients of the first trial; months are null where it did not happen. */
export interface PatientLine {
  id: number;
  arm: string;
  months: number;  // under observation
  treatment_months: number;
  response: string | null;
  best_change: Num;  // of the sum of diameters, -1 is all gone
  change: [number, number][];  // month, change
  events: { response: Num; progression: Num; next_line: Num; death: Num };
}

export interface Response { n: number; CR: number; PR: number; SD: number; PD: number; NE: number; orr: Estimate; cr_rate: Estimate }

export interface Summary {
  trial: { name: string; title: string };
  screening: { screened: number; enrolled: number; excluded: Record<string, number> } | null;
  arms: { name: string; label: string; n: number; response: Response | null }[];
  comparisons: Comparison[];
  twins: Record<string, Twins> | null;
  evidence: EvidenceRow[];
  figures: { consort: { arm: string; steps: FlowStep[] }[]; survival: SurvivalCurve[]; patients: PatientLine[] | null; words: Record<string, string> };
}

export const daysPerMonth = 30.4375;

/** Place of an arm in the trial: decides its colour and dash pattern in every figure. */
export function armIndex(summary: Summary, arm: string): number {
  return Math.max(0, summary.arms.findIndex((a) => a.name === arm));
}

/** A key of the summary in words for people. */
export function inWords(summary: Summary, key: string): string {
  return summary.figures.words[key] ?? key;
}

export function armLabel(summary: Summary, arm: string): string {
  return summary.arms.find((a) => a.name === arm)?.label ?? arm;
}
