// SPDX-License-Identifier: Apache-2.0
#include "statistics/curve_reconstruction.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>

#include "core/error.hpp"

namespace coley::statistics {
namespace {

std::string number(double value) {
  std::string text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  return text.back() == '.' ? text + "0" : text;
}

[[noreturn]] void refuse(const std::string& key, const std::string& found, const std::string& expected) {
  throw InputError(Fault{.key = key, .found = found, .expected = expected});
}

void check_points(const PublishedCurve& curve) {
  if (curve.time.empty()) refuse("curve", "no points", "the points read off the curve");
  if (curve.time.size() != curve.survival.size())
    refuse("curve", std::to_string(curve.time.size()) + " times and " + std::to_string(curve.survival.size()) + " survival values", "one of each for every point");
  for (std::size_t i = 0; i < curve.time.size(); ++i) {
    const std::string point = "curve point " + std::to_string(i + 1);
    const double t = curve.time[i], s = curve.survival[i];
    if (!std::isfinite(t) || t < 0) refuse(point + ", time", number(t), "a time of 0 or more");
    if (i > 0 && t < curve.time[i - 1]) refuse(point + ", time", number(t) + " after " + number(curve.time[i - 1]), "points in the order of time");
    if (!std::isfinite(s)) refuse(point + ", survival", number(s), "a number");
    if (s > 1 + 5 * curve.reading_error) refuse(point + ", survival", number(s), "a fraction of 0 to 1; divide by 100 if the curve is in percent");
    if (s < -5 * curve.reading_error) refuse(point + ", survival", number(s), "a fraction of 0 to 1");
  }
}

void check_table(const PublishedCurve& curve) {
  if (curve.risk_time.empty() || curve.risk_time.size() != curve.n_risk.size())
    refuse("numbers at risk", std::to_string(curve.risk_time.size()) + " times and " + std::to_string(curve.n_risk.size()) + " numbers",
           "a number for each time, and at least the number of patients at time 0");
  if (curve.risk_time[0] != 0) refuse("numbers at risk, time", number(curve.risk_time[0]), "the first at time 0");
  if (curve.n_risk[0] < 1) refuse("numbers at risk", std::to_string(curve.n_risk[0]), "at least one patient at time 0");
  for (std::size_t i = 1; i < curve.n_risk.size(); ++i) {
    const std::string key = "numbers at risk, entry " + std::to_string(i + 1);
    if (!(curve.risk_time[i] > curve.risk_time[i - 1]) || !std::isfinite(curve.risk_time[i]))
      refuse(key, "time " + number(curve.risk_time[i]), "a time after " + number(curve.risk_time[i - 1]));
    if (curve.n_risk[i] < 0 || curve.n_risk[i] > curve.n_risk[i - 1])
      refuse(key, std::to_string(curve.n_risk[i]) + " at risk", "0 to the " + std::to_string(curve.n_risk[i - 1]) + " at the time before");
    if (curve.n_risk[i] > 0 && curve.risk_time[i] > curve.time.back())
      refuse(key, std::to_string(curve.n_risk[i]) + " at risk at " + number(curve.risk_time[i]) + ", where the curve has ended (" + number(curve.time.back()) + ")",
             "a curve read up to its end");
  }
  if (curve.events && (*curve.events < 0 || *curve.events > curve.n_risk[0]))
    refuse("events", std::to_string(*curve.events), "0 to the number of patients");
}

struct Points {
  std::vector<double> time, survival;
};

/// The nearest curve (least squares) that never rises: reading errors average out where they made it waver.
Points never_rising(const PublishedCurve& curve) {
  Points points{{0}, {1}};
  struct Level {
    double mean, weight;
  };
  std::vector<Level> levels;
  for (std::size_t i = 0; i < curve.time.size(); ++i) {
    if (curve.time[i] == 0) continue;
    points.time.push_back(curve.time[i]);
    Level last{std::clamp(curve.survival[i], 0.0, 1.0), 1};
    while (!levels.empty() && levels.back().mean <= last.mean) {
      const Level& before = levels.back();
      const double weight = before.weight + last.weight;
      last = {(before.mean * before.weight + last.mean * last.weight) / weight, weight};
      levels.pop_back();
    }
    levels.push_back(last);
  }
  for (const Level& level : levels) points.survival.insert(points.survival.end(), static_cast<std::size_t>(level.weight), level.mean);
  return points;
}

/// The piece of the curve between two printed numbers at risk: points first..last-1, and where it ends.
struct Piece {
  std::size_t first, last;
  double from, to;
};

struct Leaving {
  std::vector<int> deaths;      // at each point of the piece
  std::vector<double> censored;  // times
  double survival = 1;          // of the reconstructed curve, at the end of the piece
  int total_deaths = 0;
  double deviation = 0;  // largest, of that curve from the one read
};

/// Deaths at each point are what brings the reconstructed curve nearest to the one read; what rounding leaves over is
/// carried on. `at_most` bounds the deaths in all.
Leaving split(const Points& points, const Piece& piece, int n_risk, double survival, int censored, int at_most) {
  Leaving leaving{{}, {}, survival, 0, 0};
  for (int j = 0; j < censored; ++j) leaving.censored.push_back(piece.from + (piece.to - piece.from) * (j + 0.5) / censored);
  int n = n_risk;
  std::size_t gone = 0;
  for (std::size_t k = piece.first; k < piece.last; ++k) {
    for (; gone < leaving.censored.size() && leaving.censored[gone] < points.time[k]; ++gone) --n;
    const double wanted = leaving.survival > 0 ? n * (1 - points.survival[k] / leaving.survival) : 0;
    const int deaths = std::clamp(static_cast<int>(std::lround(wanted)), 0, std::min(std::max(n, 0), at_most - leaving.total_deaths));
    leaving.deaths.push_back(deaths);
    if (deaths > 0) leaving.survival *= 1 - static_cast<double>(deaths) / n;
    leaving.total_deaths += deaths;
    leaving.deviation = std::max(leaving.deviation, std::abs(leaving.survival - points.survival[k]));
    n -= deaths;
  }
  return leaving;
}

/// The censorings that leave `n_after` of `n_risk` at risk at the end of the piece. More censorings mean fewer deaths,
/// so the number that is left, n_risk - deaths - censorings, is stepped to n_after from the curve's own estimate.
Leaving split_to(const Points& points, const Piece& piece, int n_risk, double survival, int n_after) {
  const int losses = n_risk - n_after;
  const double left = survival > 0 ? points.survival[piece.last - 1] / survival : 0;
  int censored = std::clamp(static_cast<int>(std::lround(n_risk * std::min(left, 1.0) - n_after)), 0, losses);
  for (int step = 0; step < 1000; ++step) {
    const Leaving trial = split(points, piece, n_risk, survival, censored, losses - censored);
    const int unexplained = losses - censored - trial.total_deaths;  // losses without a drop of the curve: censorings
    if (unexplained == 0) {
      // Fewer censorings may still leave room for deaths that the bound has cut off.
      if (censored == 0) return trial;
      const Leaving fewer = split(points, piece, n_risk, survival, censored - 1, losses - censored + 1);
      if (fewer.total_deaths != losses - censored + 1) return trial;
      --censored;
    } else {
      censored += unexplained;
    }
  }
  return split(points, piece, n_risk, survival, censored, losses - censored);
}

void check_agreement(const PublishedCurve& curve, const Points& points, const Piece& piece, std::size_t i) {
  const double start = piece.first > 0 ? points.survival[piece.first - 1] : 1;
  const double end = points.survival[piece.last - 1];  // the point at time 0 comes before every end
  const double n = curve.n_risk[i], ratio = start > 0 ? end / start : 0;
  const double slack = 1 + n * curve.reading_error * (1 + ratio) / std::max(start, curve.reading_error);
  if (curve.n_risk[i + 1] > n * ratio + slack)
    refuse("numbers at risk at " + number(piece.to),
           std::to_string(curve.n_risk[i + 1]) + " of " + std::to_string(curve.n_risk[i]) + " while the curve falls from " + number(start) + " to " + number(end),
           "at most " + std::to_string(static_cast<int>(n * ratio + slack)) + ", whom the curve leaves alive; check the curve, its unit of time and the table");
}

/// The rest of the curve, after the last printed number at risk. Censoring goes on at its mean rate so far, unless the
/// number of events decides it.
Leaving split_tail(const PublishedCurve& curve, const Points& points, const Piece& piece, double survival, int deaths_before, int censored_before) {
  const int n_risk = curve.n_risk.back();
  if (!curve.events) {
    const double rate = piece.from > 0 ? censored_before / piece.from : 0;
    const int censored = std::min(n_risk, static_cast<int>(std::lround(rate * (piece.to - piece.from))));
    return split(points, piece, n_risk, survival, censored, n_risk);
  }
  const int wanted = *curve.events - deaths_before;
  Leaving best;
  int best_distance = -1;
  for (int censored = 0; censored <= n_risk; ++censored) {
    const Leaving trial = split(points, piece, n_risk, survival, censored, n_risk);
    const int distance = std::abs(trial.total_deaths - wanted);
    if (best_distance < 0 || distance < best_distance) {
      best = trial;
      best_distance = distance;
    }
  }
  if (best_distance > std::max(3.0, 0.1 * *curve.events))
    refuse("events", std::to_string(*curve.events) + " events, but curve and numbers at risk show " + std::to_string(deaths_before + best.total_deaths),
           "the number of events of this curve and this endpoint");
  return best;
}

}  // namespace

ReconstructedPatients reconstruct_patients(const PublishedCurve& curve) {
  check_points(curve);
  check_table(curve);
  const Points points = never_rising(curve);
  ReconstructedPatients patients;
  double survival = 1;
  int deaths = 0;
  Piece piece{0, 0, 0, 0};
  const auto write = [&](const Leaving& leaving) {
    patients.largest_deviation = std::max(patients.largest_deviation, leaving.deviation);
    for (std::size_t k = 0; k < leaving.deaths.size(); ++k) {
      patients.time.insert(patients.time.end(), static_cast<std::size_t>(leaving.deaths[k]), points.time[piece.first + k]);
      patients.event.resize(patients.time.size(), 1);
    }
    patients.time.insert(patients.time.end(), leaving.censored.begin(), leaving.censored.end());
    patients.event.resize(patients.time.size(), 0);
    survival = leaving.survival;
    deaths += leaving.total_deaths;
  };
  for (std::size_t i = 0; i < curve.n_risk.size(); ++i) {
    const bool tail = i + 1 == curve.n_risk.size();
    piece = {piece.last, piece.last, curve.risk_time[i], tail ? std::max(points.time.back(), curve.risk_time[i]) : curve.risk_time[i + 1]};
    // A patient who dies at a printed time is still at risk there: the point at that time belongs to the next piece.
    while (piece.last < points.time.size() && (tail || points.time[piece.last] < piece.to)) ++piece.last;
    if (tail) {
      write(split_tail(curve, points, piece, survival, deaths, curve.n_risk[0] - curve.n_risk[i] - deaths));
    } else {
      check_agreement(curve, points, piece, i);
      write(split_to(points, piece, curve.n_risk[i], survival, curve.n_risk[i + 1]));
    }
  }
  // Whoever is left was alive when the curve ends.
  patients.time.resize(static_cast<std::size_t>(curve.n_risk[0]), std::max(points.time.back(), curve.risk_time.back()));
  patients.event.resize(patients.time.size(), 0);
  return patients;
}

}  // namespace coley::statistics
