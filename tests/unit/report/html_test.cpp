// SPDX-License-Identifier: Apache-2.0
#include "report/html.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>

#include "invented_summary.hpp"
#include "report/assets.hpp"

namespace coley::report {
namespace {

int occurrences(const std::string& text, const std::string& word) {
  int n = 0;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + word.size())) ++n;
  return n;
}

/// What stands between the first `open` and the next `close`.
std::string between(const std::string& text, const std::string& open, const std::string& close) {
  const auto from = text.find(open);
  if (from == std::string::npos) return "";
  return text.substr(from + open.size(), text.find(close, from + open.size()) - from - open.size());
}

/// The page without what its scripts and styles hold: markup and text.
std::string markup(std::string html) {
  for (const std::string element : {"script", "style"}) {
    for (auto at = html.find("<" + element); at != std::string::npos; at = html.find("<" + element, at + 1)) {
      const auto from = html.find('>', at) + 1;
      html.erase(from, html.find("</" + element + ">", from) - from);
    }
  }
  return html;
}

/// Fails when an element is not closed by its own tag.
void expect_balanced(const std::string& html) {
  std::vector<std::string> open;
  const std::string text = markup(html);
  const std::regex tag("<(/?)([a-z][a-z0-9]*)[^>]*>");
  for (std::sregex_iterator it(text.begin(), text.end(), tag), end; it != end; ++it) {
    const std::string name = (*it)[2];
    if (name == "meta") continue;
    if ((*it)[1].length() == 0) {
      open.push_back(name);
    } else {
      ASSERT_FALSE(open.empty()) << "</" << name << "> closes nothing";
      ASSERT_EQ(open.back(), name);
      open.pop_back();
    }
  }
  EXPECT_TRUE(open.empty());
}

TEST(Html, is_one_offline_file_under_a_megabyte) {
  const std::string html = report_html(invented_summary());
  EXPECT_LT(html.size(), 1'000'000u);
  EXPECT_NE(html.find("default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"),
            std::string::npos);
  const std::string page = markup(html);
  for (const char* load : {"http:", "https:", "src=", "<link", "<iframe", "<object", "@import"})
    EXPECT_EQ(occurrences(page, load), 0) << load;
  for (const auto style : {report_style(), figure_style(), figure_dark_style()}) {
    EXPECT_EQ(occurrences(std::string(style), "url("), 0);
    EXPECT_EQ(occurrences(std::string(style), "@import"), 0);
  }
  // The script knows the names of XML namespaces and no other address.
  const std::regex address("https?://[^\"'`\\s]*");
  const std::string script(report_script());
  for (std::sregex_iterator it(script.begin(), script.end(), address), end; it != end; ++it) {
    EXPECT_TRUE(it->str().starts_with("http://www.w3.org/")) << it->str();
  }
}

TEST(Html, elements_close_in_order_and_ids_are_unique) {
  const std::string html = report_html(invented_summary());
  expect_balanced(html);
  expect_balanced(report_html(Summary{}));
  std::vector<std::string> ids;
  const std::regex id(" id=\"([^\"]*)\"");
  for (std::sregex_iterator it(html.begin(), html.end(), id), end; it != end; ++it) ids.push_back((*it)[1]);
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(std::adjacent_find(ids.begin(), ids.end()), ids.end());
}

TEST(Html, links_within_the_page_lead_somewhere) {
  const std::string html = report_html(invented_summary());
  const std::regex link("href=\"#([^\"]*)\"");
  for (std::sregex_iterator it(html.begin(), html.end(), link), end; it != end; ++it) {
    EXPECT_EQ(occurrences(html, " id=\"" + (*it)[1].str() + "\""), 1) << (*it)[1];
  }
}

TEST(Html, text_of_a_trial_cannot_become_markup) {
  const std::string evil = "</script><script>alert(1)</script><img src=x onerror='alert(2)'>\"&";
  Summary s = invented_summary();
  s.trial.title = s.trial.name = s.coley.command = s.evidence_rule = evil;
  s.arms[0].label = s.arms[0].treatment = s.parameters[0].meaning = s.evidence[0].quantity = evil;
  s.arms[0].flow[0].label = s.screening->excluded[0].name = s.limits[0] = s.twins[0].by[0].level = evil;
  s.survival[0].cutoff = s.arms[0].endpoints[0].cutoff = evil;
  s.comparisons[2].covariate = s.comparisons[2].level = evil;
  s.arms[0].safety[0].name = s.arms[0].flow[1].name = evil;
  const std::string html = report_html(s);
  const std::string plain = report_html(invented_summary());
  EXPECT_EQ(occurrences(html, "<script"), occurrences(plain, "<script"));
  EXPECT_EQ(occurrences(html, "</script"), occurrences(plain, "</script"));
  EXPECT_EQ(occurrences(html, "<img"), 0);
  expect_balanced(html);
  const std::string data = between(html, "id=\"data\">", "</script>");
  EXPECT_EQ(nlohmann::ordered_json::parse(data)["trial"]["title"], evil);
}

TEST(Html, carries_the_summary_for_its_figures) {
  const Summary s = invented_summary();
  const std::string html = report_html(s);
  EXPECT_EQ(nlohmann::ordered_json::parse(between(html, "id=\"data\">", "</script>")), summary_json(s));
  if (report_script().empty()) GTEST_SKIP() << "built without figures";
  EXPECT_EQ(occurrences(html, "data-figure=\"survival\""), 2);
  EXPECT_EQ(occurrences(html, "data-figure=\"forest\""), 1);
  EXPECT_EQ(occurrences(html, "data-figure=\"evidence\""), 3);
  EXPECT_EQ(occurrences(html, "data-figure=\"consort\""), 1);
}

TEST(Html, every_number_stands_in_a_table_without_the_script) {
  const std::string page = markup(report_html(invented_summary()));
  for (const char* shown :
       {"0.71 (0.68\u00a0to\u00a00.75)",         // hazard ratio
        "76.2\u00a0% (75.1\u00a0to\u00a077.3)",  // landmark
        "61.3 (58.8\u00a0to\u00a064.2)",         // median
        "10\u202f000", "12\u202f914",            // n, screened out
        "62.0\u00a0% (54.8\u00a0to\u00a068.9)",  // published
        "does not agree", "&lt;\u00a00.001", "not reached", "assumed", "coley run invented-trial"}) {
    EXPECT_NE(page.find(shown), std::string::npos) << shown;
  }
  EXPECT_EQ(occurrences(page, "nan"), 0);
}

TEST(Html, says_how_many_rows_do_not_agree) {
  const std::string page = markup(report_html(invented_summary()));
  EXPECT_NE(page.find("2 of 3 validation rows agree; 2 of 3 calibration rows agree"), std::string::npos);
  EXPECT_EQ(occurrences(page, "class=\"no\">does not agree"), 2);
  EXPECT_LT(page.find("Validation: not used"), page.find("Calibration: the model"));
}

TEST(Html, absent_parts_are_left_out_or_said_to_be_absent) {
  const std::string page = markup(report_html(Summary{}));
  for (const char* section :
       {"id=\"twins\"", "id=\"response\"", "id=\"safety\"", "id=\"subgroups\"", "id=\"survival\""}) {
    EXPECT_EQ(page.find(section), std::string::npos) << section;
  }
  EXPECT_NE(page.find("No published result is linked to this trial"), std::string::npos);
  EXPECT_NE(page.find("gives no advice on the care of a person"), std::string::npos);
}

TEST(Html, a_large_trial_stays_under_a_megabyte) {
  Summary s = invented_summary();
  const auto arms = s.arms;
  const auto survival = s.survival;
  for (int copy = 0; copy < 2; ++copy) {
    for (std::size_t i = 0; i < survival.size(); ++i) {
      s.survival.push_back(survival[i]);
      s.survival.back().arm += std::to_string(copy);
      s.survival.push_back(survival[i]);
      s.survival.back().cutoff = "earlier-" + std::to_string(copy);
    }
    for (ArmSummary arm : arms) {
      arm.name += std::to_string(copy);
      s.arms.push_back(arm);
    }
  }
  for (int i = 0; i < 200; ++i) s.parameters.push_back(s.parameters[0]);
  for (int i = 0; i < 60; ++i) s.evidence.push_back(s.evidence[1]);
  EXPECT_LT(report_html(s).size(), 1'000'000u);
}

}  // namespace
}  // namespace coley::report
