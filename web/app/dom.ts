// SPDX-License-Identifier: Apache-2.0
// Elements in one call. Text goes in as text only: no label of a trial can become markup.

type Child = Node | string | null | false;

export function el<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Record<string, string | boolean | ((event: any) => void)> = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (typeof value === "string") element.setAttribute(name, value);
    else if (value) element.setAttribute(name, "");
  }
  element.append(...children.filter((child): child is Node | string => child !== null && child !== false));
  return element;
}

export const byId = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;

/** A key in words for people; abbreviations stay capitals. */
export const words = (key: string): string => key.replace(/_/g, " ").replace(/\b(ecog|imdc|mskcc|uiss|os|pfs|dfs)\b/g, (c) => c.toUpperCase()).replace(/^./, (c) => c.toUpperCase());
