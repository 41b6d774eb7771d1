// SPDX-License-Identifier: Apache-2.0
#include "observation/response.hpp"

#include <array>
#include <cstddef>

namespace coley {
namespace {

struct Names {
  std::string_view plain;
  std::string_view immune;
  int rank;
};

constexpr std::array<Names, 8> kNames{{{"NE", "NE", 0},
                                       {"UPD", "iUPD", 1},
                                       {"PD", "iCPD", 2},
                                       {"SD", "iSD", 3},
                                       {"NON-CR/NON-PD", "iNON-CR/NON-PD", 3},
                                       {"NED", "NED", 3},
                                       {"PR", "iPR", 4},
                                       {"CR", "iCR", 5}}};

const Names& names(Response response) {
  return kNames[static_cast<std::size_t>(response)];
}

}  // namespace

std::string_view to_string(Response response) {
  return names(response).plain;
}

std::string_view immune_name(Response response) {
  return names(response).immune;
}

int rank(Response response) {
  return names(response).rank;
}

bool is_response(Response response) {
  return response == Response::PR || response == Response::CR;
}

}  // namespace coley
