// SPDX-License-Identifier: Apache-2.0
// A protocol as JSON: what was changed against the file, as texts of --set where that can say it, else as a file of its own.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Protocol = { [key: string]: Json };

export const isObject = (value: Json | undefined): value is Protocol => typeof value === "object" && value !== null && !Array.isArray(value);
export const isTables = (value: Json | undefined): value is Protocol[] => Array.isArray(value) && value.length > 0 && value.every(isObject);

/** The value as TOML writes it, on one line. */
export function toml(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(toml).join(", ")}]`;
  if (isObject(value)) return `{ ${Object.entries(value).map(([key, one]) => `${key} = ${toml(one)}`).join(", ")} }`;
  return JSON.stringify(value);
}

export function tomlFile(protocol: Protocol): string {
  const lines: string[] = [];
  const entries = Object.entries(protocol);
  const table = (value: Protocol) => Object.entries(value).forEach(([key, one]) => lines.push(`${key} = ${toml(one)}`));
  for (const [key, value] of entries) if (!isObject(value) && !isTables(value)) lines.push(`${key} = ${toml(value)}`);
  for (const [key, value] of entries) {
    if (isObject(value)) { lines.push("", `[${key}]`); table(value); }
    if (isTables(value)) for (const one of value) { lines.push("", `[[${key}]]`); table(one); }
  }
  return lines.join("\n") + "\n";
}

/** path=value texts that turn `base` into `now`; null when something was taken away or a table was added. */
export function changes(base: Json, now: Json, path = ""): string[] | null {
  if (isObject(base) && isObject(now)) {
    if (Object.keys(base).some((key) => !(key in now))) return null;
    return joined(Object.keys(now).map((key) => {
      const at = path ? `${path}.${key}` : key;
      if (key in base) return changes(base[key], now[key], at);
      return isObject(now[key]) || isTables(now[key]) ? null : [`${at}=${toml(now[key])}`];
    }));
  }
  if (isTables(base) && isTables(now)) return base.length === now.length ? joined(base.map((one, i) => changes(one, now[i], `${path}[${i}]`))) : null;
  if (JSON.stringify(base) === JSON.stringify(now)) return [];
  return isObject(base) || isObject(now) || isTables(base) || isTables(now) ? null : [`${path}=${toml(now)}`];
}

function joined(parts: (string[] | null)[]): string[] | null {
  return parts.some((part) => part === null) ? null : parts.flatMap((part) => part!);
}

/** Puts texts of --set that changes() made into a copy; what it cannot place is left out. */
export function withChanges(base: Protocol, sets: string[]): Protocol {
  const copy = structuredClone(base);
  for (const set of sets) {
    const cut = set.indexOf("=");
    const keys = set.slice(0, cut).match(/[^.[\]]+/g) ?? [];
    let at: any = copy;
    for (const key of keys.slice(0, -1)) at = at?.[key] ?? (Array.isArray(at) ? at.find((one: any) => one.name === key) : undefined);
    try {
      if (at) at[keys[keys.length - 1]] = JSON.parse(set.slice(cut + 1));
    } catch { /* a text without quotes, from the command line */
      at[keys[keys.length - 1]] = set.slice(cut + 1);
    }
  }
  return copy;
}
