// SPDX-License-Identifier: Apache-2.0
#pragma once
// The words of RECIST 1.1 (Eisenhauer 2009, 10.1016/j.ejca.2008.10.026) and iRECIST (Seymour 2017,
// 10.1016/S1470-2045(17)30074-8). One enumeration serves targets, non-targets, visits and best response; under iRECIST
// PD means confirmed progression (iCPD).

#include <cstdint>
#include <optional>
#include <string_view>

namespace coley {

enum class Response : std::uint8_t {
  NE,             ///< not evaluable
  UPD,            ///< progression not yet confirmed; iRECIST only
  PD,             ///< progressive disease
  SD,             ///< stable disease
  non_cr_non_pd,  ///< disease without measurable lesions that neither disappeared nor progressed
  NED,            ///< no disease of this class at baseline
  PR,             ///< partial response
  CR              ///< complete response
};

/// "CR", "PR", "SD", "PD", "UPD", "NE", "NED", "NON-CR/NON-PD" (CDISC terms; UPD is ours).
std::string_view to_string(Response response);

/// "iCR", "iPR", "iSD", "iCPD", "iUPD", "NE", "NED", "iNON-CR/NON-PD".
std::string_view immune_name(Response response);

/// Order of best response: NE < UPD < PD < SD = non-CR/non-PD = NED < PR < CR.
int rank(Response response);

/// True for CR and PR.
bool is_response(Response response);

}  // namespace coley
