// SPDX-License-Identifier: Apache-2.0
// A form made from the protocol's JSON Schema for the keys that a protocol has, with a way to add those it does not. Every
// change is told with the protocol as it is then.
import { el, words } from "./dom";
import { type Json, type Protocol } from "./protocol";

type Schema = { [key: string]: any };
interface Place { owner: any; key: string | number; path: string }

const hidden = new Set(["schema_version", "name", "title", "sources", "assumed", "evidence"]);

export class ProtocolForm {
  private protocol: Protocol = {};

  constructor(private host: HTMLElement, private schema: Schema, private drugs: string[], private changed: (now: Protocol) => void) {}

  show(protocol: Protocol): void {
    this.protocol = protocol;
    this.redraw();
  }

  /** Marks the fields that faults name, and clears the others. */
  mark(faults: { key: string }[]): void {
    const keys = new Set(faults.map((f) => f.key));
    for (const field of this.host.querySelectorAll<HTMLElement>("[data-path]")) {
      const wrong = keys.has(field.dataset.path!);
      if (wrong) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
      if (wrong) field.closest("details")?.setAttribute("open", "");
    }
  }

  private redraw(): void {
    const open = new Set([...this.host.querySelectorAll<HTMLDetailsElement>("details[open]")].map((d) => d.dataset.part));
    const shown = (key: string) => !hidden.has(key) && (key in this.protocol || this.schema.properties[key].type === "array");
    const parts = Object.keys(this.schema.properties).filter(shown)
      .map((key) => el("details", { "data-part": key, class: "part" }, el("summary", {}, words(key)), el("p", { class: "soft" }, this.schema.properties[key].description),
        this.field(this.schema.properties[key], { owner: this.protocol, key, path: key })));
    for (const part of parts) part.open = open.has(part.dataset.part);
    this.host.replaceChildren(...parts);
  }

  private resolved(schema: Schema): Schema {
    return schema.$ref ? { ...this.schema.$defs[schema.$ref.split("/").pop()!], note: schema.description } : schema;
  }

  private put(place: Place, value: Json): void {
    place.owner[place.key] = value;
    this.changed(this.protocol);
  }

  /** A change of what fields there are. */
  private reshape(change: () => void): void {
    change();
    this.redraw();
    this.changed(this.protocol);
  }

  private field(given: Schema, place: Place): HTMLElement {
    const schema = this.resolved(given);
    const value = place.owner[place.key] as Json | undefined;
    if (schema.type === "object" && schema.properties) return this.table(schema, value as Protocol, place);
    if (schema.type === "object") return this.shares(value as Protocol, place);
    if (schema.type === "array" && this.resolved(schema.items).properties) return this.list(schema, (value ?? []) as Protocol[], place);
    return this.labelled(schema, place, this.control(schema, value as Json, place));
  }

  private labelled(schema: Schema, place: Place, control: HTMLElement): HTMLElement {
    const label = words(`${place.key}`);
    if (control.tagName === "FIELDSET") return control;
    control.id = `f-${place.path}`;
    for (const input of [control, ...control.querySelectorAll<HTMLElement>("input")]) input.setAttribute("data-path", place.path);
    const hint = el("span", { class: "hint", id: `h-${place.path}` }, schema.description ?? "");
    const first = control.matches("input,select") ? control : control.querySelector<HTMLElement>("input")!;
    first.id = `i-${place.path}`;
    first.setAttribute("aria-describedby", hint.id);
    return el("div", { class: "field" }, el("label", { for: first.id }, label), control, hint);
  }

  private control(schema: Schema, value: Json, place: Place): HTMLElement {
    if (schema.type === "boolean") {
      const box = el("input", { type: "checkbox", change: () => this.put(place, box.checked) });
      box.checked = value === true;
      return box;
    }
    if (schema.enum) return this.choice(schema.enum, value, (word) => this.put(place, word));
    if (place.key === "drug") return this.choice(this.drugs, value, (word) => this.put(place, word));
    if (schema.type === "number" || schema.type === "integer") return this.number(schema, value as number, place);
    if (schema.type === "array" && schema.items.enum) return this.several(schema, value as string[], place);
    return this.text(schema, value, place);
  }

  private choice(all: string[], value: Json, chosen: (word: string) => void): HTMLSelectElement {
    const select = el("select", { change: () => chosen(select.value) }, ...all.map((word) => el("option", { value: word }, word.replace(/_/g, " "))));
    select.value = `${value}`;
    return select;
  }

  /** A slider beside the number, up to twice what the file says; the number itself takes any value. */
  private number(schema: Schema, value: number, place: Place): HTMLElement {
    const least = schema.minimum ?? schema.exclusiveMinimum ?? 0;
    const most = Math.min(schema.maximum ?? Infinity, Math.max(2 * value, least + 10 * (schema.type === "integer" ? 1 : 0.1), schema.maximum <= 1 ? 1 : 0));
    const step = schema.type === "integer" ? 1 : most - least <= 1.5 ? 0.01 : most - least <= 20 ? 0.1 : 1;
    const low = schema.exclusiveMinimum !== undefined ? least + step : least;
    const box = el("input", { type: "number", step: schema.type === "integer" ? "1" : "any", input: () => tell(box.valueAsNumber, slider) });
    const slider = el("input", { type: "range", min: `${low}`, max: `${most}`, step: `${step}`, "aria-label": `${words(`${place.key}`)}, slider`, input: () => tell(slider.valueAsNumber, box) });
    const tell = (now: number, other: HTMLInputElement) => {
      if (Number.isNaN(now)) return;
      other.value = `${now}`;
      this.put(place, now);
    };
    box.value = slider.value = `${value}`;
    return el("span", { class: "number" }, box, slider);
  }

  private several(schema: Schema, value: string[], place: Place): HTMLElement {
    const boxes = (schema.items.enum as string[]).map((word) => {
      const box = el("input", { type: "checkbox", change: () => this.put(place, (schema.items.enum as string[]).filter((_, i) => boxes[i].checked)) });
      box.checked = value.includes(word);
      return box;
    });
    return el("fieldset", { "data-path": place.path }, el("legend", {}, words(`${place.key}`)),
      ...boxes.map((box, i) => el("label", { class: "check" }, box, schema.items.enum[i].replace(/_/g, " "))), el("span", { class: "hint" }, schema.description ?? ""));
  }

  /** Lists as TOML and JSON both write them. */
  private text(schema: Schema, value: Json, place: Place): HTMLElement {
    const plain = schema.type === "string";
    const box = el("input", { type: "text", spellcheck: "false", change: () => {
      if (plain) return this.put(place, box.value);
      try {
        box.setCustomValidity("");
        this.put(place, JSON.parse(box.value));
      } catch {
        box.setCustomValidity("A list in brackets, as [1, 2]");
        box.reportValidity();
      }
    } });
    box.value = plain ? `${value}` : JSON.stringify(value);
    return box;
  }

  private shares(value: Protocol, place: Place): HTMLElement {
    const fields = Object.entries(value).flatMap(([covariate, groups]) => Object.keys(groups as Protocol).map((group) =>
      this.labelled({ description: "share" }, { owner: groups, key: group, path: `${place.path}.${covariate}.${group}` },
        this.number({ minimum: 0, maximum: 1 }, (groups as any)[group], { owner: groups, key: group, path: `${place.path}.${covariate}.${group}` }))));
    return el("fieldset", {}, el("legend", {}, `${words(`${place.key}`)}: shares, together 1`), ...fields);
  }

  private table(schema: Schema, value: Protocol, place: Place): HTMLElement {
    const known = Object.keys(schema.properties);
    const fields = known.filter((key) => key in value).map((key) => this.field(schema.properties[key], { owner: value, key, path: `${place.path}.${key}` }));
    const absent = known.filter((key) => !(key in value) && !this.resolved(schema.properties[key]).additionalProperties);
    const body = el("div", { class: "table" }, ...fields, absent.length > 0 && this.adder(schema, value, absent, place));
    if (place.path.split(".").length === 1) return body;
    return typeof place.key === "number" ? body : el("fieldset", {}, el("legend", {}, words(`${place.key}`)), body);
  }

  private adder(schema: Schema, value: Protocol, absent: string[], place: Place): HTMLElement {
    const select = el("select", { "aria-label": `Add to ${words(place.path)}`, change: () => select.value && this.reshape(() => (value[select.value] = this.first(schema.properties[select.value]))) },
      el("option", { value: "" }, "Add …"), ...absent.map((key) => el("option", { value: key }, words(key))));
    return select;
  }

  private list(schema: Schema, items: Protocol[], place: Place): HTMLElement {
    const item = this.resolved(schema.items);
    const called = (one: Protocol, i: number) => `${one.label ?? one.name ?? one.drug ?? one.kind ?? one.endpoint ?? (one.until_months ? `until month ${one.until_months}` : i + 1)}`;
    const parts = items.map((one, i) => el("fieldset", {}, el("legend", {}, called(one, i)), this.table(item, one, { owner: items, key: i, path: `${place.path}[${i}]` }),
      el("button", { type: "button", class: "small", "aria-label": `Remove ${called(one, i)}`, click: () => this.reshape(() => { items.splice(i, 1); if (!items.length) delete place.owner[place.key]; }) }, "Remove")));
    const add = el("button", { type: "button", class: "small", click: () => this.reshape(() => {
      const fresh = items.length ? structuredClone(items[items.length - 1]) : (this.first(schema.items) as Protocol);
      if (typeof fresh.name === "string") fresh.name = `${fresh.name}_${items.length + 1}`;
      if (typeof fresh.label === "string") fresh.label = `${fresh.label} ${items.length + 1}`;
      place.owner[place.key] = [...items, fresh];
    }) }, `Add ${words(`${place.key}`).toLowerCase()}`);
    const title = place.path.includes(".") || place.path.includes("[");
    return el("div", {}, title && parts.length > 0 && el("p", { class: "sub" }, words(`${place.key}`)), ...parts, add);
  }

  /** A value to begin with: what the schema requires, or the default. */
  private first(given: Schema): Json {
    const schema = this.resolved(given);
    if (schema.default !== undefined) return structuredClone(schema.default);
    if (schema.enum) return schema.enum[0];
    if (schema.type === "boolean") return true;
    if (schema.type === "number" || schema.type === "integer") return schema.minimum ?? (schema.exclusiveMinimum !== undefined ? schema.exclusiveMinimum + 1 : 0);
    if (schema.type === "array") return this.resolved(schema.items).properties ? [this.first(schema.items)] : [];
    if (schema.type === "object" && schema.properties) return Object.fromEntries((schema.required ?? []).map((key: string) => [key, key === "drug" ? this.drugs[0] : this.first(schema.properties[key])]));
    return "new";
  }
}
