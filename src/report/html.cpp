// SPDX-License-Identifier: Apache-2.0
// The page: head, banner, sections in reading order, data and script.
#include "report/html.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "report/assets.hpp"
#include "report/html_sections.hpp"
#include "report/html_text.hpp"

namespace coley::report {
namespace {

struct Section {
  std::string id;
  std::string title;
  std::string body;
};

std::vector<Section> sections(const Summary& s) {
  std::vector<Section> all{
      {"results", "Main results", main_results(s)},
      {"simulated", "What was simulated", simulated_section(s)},
      {"flow", "Patient flow", flow_section(s)},
      {"survival", "Survival", survival_section(s)},
      {"subgroups", "Hazard ratios by subgroup", subgroup_section(s)},
      {"evidence", "Published against simulated", evidence_section(s)},
      {"response", "Response", response_section(s)},
      {"quality", "Quality of life", quality_section(s)},
      {"patients", "Single patients", patients_section(s)},
      {"safety", "Safety", safety_section(s)},
      {"twins", "The same patient on both arms", twins_section(s)},
      {"parameters", "Parameters and their sources", parameters_section(s)},
      {"limits", "What the model does not do", limits_section(s)},
      {"repeat", "How to repeat this run", repeat_section(s)},
  };
  std::erase_if(all, [](const Section& section) { return section.body.empty(); });
  return all;
}

std::string head(const Summary& s) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
      "script-src 'unsafe-inline'; img-src data:\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"generator\" content=\"coley {}\">\n<title>{} – virtual trial</title>\n"
      "<style>\n{}</style>\n<style id=\"figure-style\">\n{}</style>\n<style>\n{}</style>\n</head>\n<body>\n",
      escaped(s.coley.version), escaped(s.trial.title), report_style(), figure_style(), figure_dark_style());
}

std::string opening(const Summary& s) {
  std::string html = fmt::format(
      "<header>\n<p class=\"kind\">Report of a virtual trial · {}</p>\n<h1>{}</h1>\n</header>\n"
      "<aside class=\"banner\" aria-label=\"What this is\">\n<p><strong>These are virtual patients.</strong> Every "
      "number "
      "below marked simulated comes from a mathematical model, not from people.</p>\n<p>Coley is a research "
      "instrument. "
      "It gives no advice on the care of a person, and this report must not be used for that.</p>\n</aside>\n",
      escaped(s.trial.name), escaped(s.trial.title));
  if (report_script().empty()) {
    html += "<p>This program was built without figures; the tables hold every number.</p>\n";
  } else {
    html += "<noscript><p>Figures need JavaScript; the tables hold every number.</p></noscript>\n";
  }
  return html;
}

/// JSON that cannot end the script element it stands in.
std::string embedded_json(const Summary& s) {
  using Json = nlohmann::ordered_json;
  std::string html;
  for (const char c : summary_json(s).dump(-1, ' ', false, Json::error_handler_t::replace)) {
    if (c == '<') {
      html += "\\u003c";
    } else {
      html += c;
    }
  }
  return html;
}

std::string fact(std::string_view name, std::string_view value) {
  return value.empty() ? "" : fmt::format("<dt>{}</dt><dd>{}</dd>\n", escaped(name), escaped(value));
}

std::string list(const std::vector<std::string>& items) {
  std::string html = "<ul>\n";
  for (const std::string& item : items) html += "<li>" + escaped(item) + "</li>\n";
  return html + "</ul>\n";
}

}  // namespace

std::string figure_host(const std::string& kind, const std::string& data, const std::string& caption_html) {
  if (report_script().empty()) return "";
  return fmt::format("<figure><div data-figure=\"{}\"{}></div>\n<figcaption>{}</figcaption></figure>\n", kind, data,
                     caption_html);
}

std::string arm_label(const Summary& s, const std::string& name) {
  for (const ArmSummary& arm : s.arms) {
    if (arm.name == name) return arm.label;
  }
  return name;
}

std::string simulated_section(const Summary& s) {
  Table arms("Arms", {"Arm", "<Treatment", "Virtual patients"});
  for (const ArmSummary& arm : s.arms) arms.row({arm.label, arm.treatment.empty() ? "–" : arm.treatment, count(arm.n)});
  std::string html = arms.empty() ? "" : arms.html();
  html += "<dl>\n" + fact("Virtual patients", count(s.coley.patients));
  html += fact("Trials of the published size", s.coley.replicates > 0 ? count(s.coley.replicates) : "none simulated");
  html += fact("Seed", fmt::format("{}", s.coley.seed)) + fact("Coley", s.coley.version);
  html += fact("Parameters (SHA-256)", s.coley.parameters_sha256) + fact("Protocol (SHA-256)", s.trial.protocol_sha256);
  std::string sources;
  for (const std::string& source : s.trial.sources) sources += (sources.empty() ? "" : ", ") + source;
  html += fact("The real trial", sources) + "</dl>\n";
  if (!s.trial.assumed.empty()) html += "<h3>Assumed by this protocol</h3>\n" + list(s.trial.assumed);
  return html;
}

std::string parameters_section(const Summary& s) {
  Table table("Parameters of this run", {"Symbol", "<Meaning", "Value", "<Unit", "<Between patients", "<Source"});
  std::string heading;
  int assumed = 0;
  for (const ParameterRow& p : s.parameters) {
    if (p.group != heading) table.group(heading = p.group);
    const bool is_assumed = p.source == "assumed";
    assumed += is_assumed ? 1 : 0;
    table.row({p.symbol, p.meaning, fmt::format("{:g}", p.value) + (p.changed ? " (changed)" : ""),
               p.unit == "1" ? "" : p.unit, p.distribution.empty() ? "the same for all" : p.distribution,
               is_assumed ? Cell::markup("<strong>assumed</strong>") : Cell(p.source)});
  }
  if (table.empty()) return "";
  return fmt::format(
      "<p>{} parameters, {} of them assumed without a source.</p>\n<details><summary>All "
      "parameters</summary>\n{}</details>\n",
      s.parameters.size(), assumed, table.html());
}

std::string limits_section(const Summary& s) {
  return s.limits.empty() ? "" : list(s.limits);
}

std::string repeat_section(const Summary& s) {
  if (s.coley.command.empty()) return "";
  return fmt::format(
      "<p>With coley {} and the same protocol and parameters, this gives the same numbers, bit for bit, on "
      "any number of threads:</p>\n<pre tabindex=\"0\"><code>{}</code></pre>\n<p class=\"soft\">This run took {:.1f} s on "
      "{} {}.</p>\n",
      escaped(s.coley.version), escaped(s.coley.command), s.run.wall_seconds, s.run.threads,
      s.run.threads == 1 ? "thread" : "threads");
}

std::string report_html(const Summary& s) {
  const std::vector<Section> all = sections(s);
  std::string html = head(s) + opening(s) + "<nav aria-label=\"Contents\"><ul>\n";
  for (const Section& section : all) {
    html += fmt::format("<li><a href=\"#{}\">{}</a></li>\n", section.id, section.title);
  }
  html += "</ul></nav>\n<main>\n";
  for (const Section& section : all) {
    html += fmt::format("<section id=\"{0}\" aria-labelledby=\"{0}-h\">\n<h2 id=\"{0}-h\">{1}</h2>\n{2}</section>\n",
                        section.id, section.title, section.body);
  }
  html += "</main>\n<script type=\"application/json\" id=\"data\">" + embedded_json(s) + "</script>\n";
  if (!report_script().empty()) html += fmt::format("<script>\n{}</script>\n", report_script());
  return html + "</body>\n</html>\n";
}

}  // namespace coley::report
