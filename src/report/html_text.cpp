// SPDX-License-Identifier: Apache-2.0
#include "report/html_text.hpp"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace coley::report {
namespace {

constexpr std::string_view kAbsent = "–";

/// With a minus sign of the width of a digit; a zero has no sign.
std::string signed_text(std::string number) {
  if (number.empty() || number[0] != '-') return number;
  const bool zero = number.find_first_of("123456789") == std::string::npos;
  return number.replace(0, 1, zero ? "" : "\u2212");
}

std::string with_range(const Estimate& e, const std::string& estimate, const std::string& low,
                       const std::string& high) {
  if (!e.low && !e.high) return estimate;
  return fmt::format("{} ({}\u00a0to\u00a0{})", estimate, low, high);
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string slug(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      out += upper ? static_cast<char>(c - 'A' + 'a') : c;
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out;
}

std::string count(Count n) {
  std::string digits = fmt::format("{}", n);
  if (n > -10000 && n < 10000) return digits;
  const std::ptrdiff_t first = n < 0 ? 1 : 0;
  for (std::ptrdiff_t at = std::ssize(digits) - 3; at > first; at -= 3)
    digits.insert(static_cast<std::size_t>(at), "\u202f");
  return digits;
}

std::string fixed(Number x, int digits) {
  return x ? signed_text(fmt::format("{:.{}f}", *x, digits)) : std::string(kAbsent);
}

std::string percent(Number share) {
  return share ? fixed(100.0 * *share, 1) + "\u00a0%" : std::string(kAbsent);
}

std::string interval(const Estimate& e, int digits) {
  if (!e.estimate) return std::string(kAbsent);
  return with_range(e, fixed(e.estimate, digits), fixed(e.low, digits), fixed(e.high, digits));
}

std::string percent_interval(const Estimate& e) {
  if (!e.estimate) return std::string(kAbsent);
  const auto bare = [](Number share) { return share ? fixed(100.0 * *share, 1) : std::string(kAbsent); };
  return with_range(e, percent(e.estimate), bare(e.low), bare(e.high));
}

std::string median_interval(const Estimate& e) {
  const auto time = [](Number x) { return x ? fixed(x, 1) : std::string("not reached"); };
  return with_range(e, time(e.estimate), time(e.low), time(e.high));
}

std::string p_value(Number p) {
  if (!p) return std::string(kAbsent);
  return *p < 0.001 ? "<\u00a00.001" : fixed(p, 3);
}

Cell Cell::markup(std::string html) {
  Cell cell("");
  cell.html = std::move(html);
  return cell;
}

Table::Table(std::string_view caption, const std::vector<std::string>& heads) : caption_(caption) {
  for (const std::string& text : heads) {
    const bool left = left_.empty() || text.starts_with('<');
    head_ += fmt::format("<th scope=\"col\"{}>{}</th>", left ? "" : " class=\"n\"",
                         escaped(text.starts_with('<') ? text.substr(1) : text));
    left_.push_back(left);
  }
}

Table& Table::row(const std::vector<Cell>& cells, std::string_view css) {
  body_ += css.empty() ? std::string("<tr>") : fmt::format("<tr class=\"{}\">", css);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i == 0) {
      body_ += "<th scope=\"row\">" + cells[i].html + "</th>";
    } else {
      body_ += (left_.at(i) ? "<td>" : "<td class=\"n\">") + cells[i].html + "</td>";
    }
  }
  body_ += "</tr>\n";
  ++rows_;
  return *this;
}

Table& Table::group(std::string_view heading) {
  body_ += fmt::format("<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"{}\">{}</th></tr>\n", left_.size(),
                       escaped(heading));
  return *this;
}

std::string Table::html() const {
  return fmt::format(
      "<p class=\"caption\">{0}</p>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{0}\">"
      "<table aria-label=\"{0}\"><thead><tr>{1}</tr></thead>\n<tbody>\n{2}</tbody></table></div>\n",
      escaped(caption_), head_, body_);
}

}  // namespace coley::report
