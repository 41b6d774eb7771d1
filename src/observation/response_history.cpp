// SPDX-License-Identifier: Apache-2.0
#include "observation/response_history.hpp"

namespace coley {

void ResponseHistory::Row::record(int day, bool met, int confirmation_days) {
  if (!met) {
    first.reset();
    return;
  }
  if (!first) first = day;
  if (!earliest) earliest = day;
  if (!confirmed && day - *first >= confirmation_days) confirmed = first;
}

std::optional<int> ResponseHistory::Row::day(Confirmation confirmation) const {
  return confirmation == Confirmation::required ? confirmed : earliest;
}

void ResponseHistory::record(int day, Response response) {
  if (progression_day_ || response == Response::NE) return;
  if (response == Response::PD) {
    record_progression(day);
    return;
  }
  response_.record(day, is_response(response), criteria_.confirmation_days);
  complete_.record(day, response == Response::CR, criteria_.confirmation_days);
  if (response == Response::UPD) {
    suspected_ = true;
    responding_ = false;
    return;
  }
  last_evaluable_day_ = day;
  responding_ = responding_ || (response_.first && day - *response_.first >= criteria_.confirmation_days);
  stable_long_enough_ = stable_long_enough_ || day - start_day_ >= criteria_.minimum_stable_days;
}

void ResponseHistory::record_progression(int day) {
  if (!progression_day_) progression_day_ = day;
  responding_ = false;
}

Response ResponseHistory::best(Confirmation confirmation) const {
  if (complete_.day(confirmation)) return Response::CR;
  if (response_.day(confirmation)) return Response::PR;
  if (stable_long_enough_) return stable_;
  if (progression_day_) return Response::PD;
  return suspected_ ? Response::UPD : Response::NE;
}

std::optional<int> ResponseHistory::response_day(Confirmation confirmation) const {
  return response_.day(confirmation);
}

std::optional<int> ResponseHistory::complete_response_day(Confirmation confirmation) const {
  return complete_.day(confirmation);
}

std::optional<ResponseDuration> ResponseHistory::duration(Confirmation confirmation) const {
  const std::optional<int> first = response_day(confirmation);
  if (!first) return std::nullopt;
  return ResponseDuration{progression_day_.value_or(last_evaluable_day()) - *first, progression_day_.has_value()};
}

}  // namespace coley
