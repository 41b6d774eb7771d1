// SPDX-License-Identifier: Apache-2.0
#include "serve/guard.hpp"

#include <fmt/format.h>
#include <sys/random.h>

#include <array>

#include "core/error.hpp"

namespace coley::serve {

namespace {

constexpr int kMostFailures = 20;
constexpr std::chrono::seconds kFailuresForgotten{30};

/// In a time that does not depend on where the texts differ.
bool same(const std::string& a, const std::string& b) {
  unsigned difference = static_cast<unsigned>(a.size() ^ b.size());
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b.empty() ? 0 : b[i % b.size()]);
  return difference == 0;
}

}  // namespace

std::string new_token() {
  std::array<unsigned char, 16> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) throw RunError("the system gives no random numbers");
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

bool Guard::host_is_ours(const std::string& host) const {
  if (any_host_) return !host.empty();
  for (const char* name : {"127.0.0.1", "localhost", "[::1]"}) {
    if (host == fmt::format("{}:{}", name, port_) || (port_ == 80 && host == name)) return true;
  }
  return false;
}

bool Guard::too_many_failures() {
  const std::lock_guard lock(mutex_);
  if (std::chrono::steady_clock::now() - since_ > kFailuresForgotten) failures_ = 0;
  return failures_ >= kMostFailures;
}

Verdict Guard::judge(const Knock& knock) {
  if (!host_is_ours(knock.host)) return {403, "this server answers under the address it printed, and no other"};
  if (!knock.origin.empty() && knock.origin != "http://" + knock.host) return {403, "this server answers its own page, and no other"};
  if (knock.site == "cross-site" && knock.path.starts_with("/api/")) return {403, "this server answers its own page, and no other"};
  if (!knock.path.starts_with("/api/")) return knock.method == "GET" || knock.method == "HEAD" ? Verdict{} : Verdict{405, "only GET is allowed here"};
  constexpr std::string_view kScheme = "Bearer ";
  const std::string said = knock.authorization.starts_with(kScheme) ? knock.authorization.substr(kScheme.size()) : "";
  if (any_host_ && too_many_failures()) return {429, "too many wrong passwords; wait half a minute"};
  if (!same(said, secret_)) {
    const std::lock_guard lock(mutex_);
    ++failures_;
    since_ = std::chrono::steady_clock::now();
    return {401, "this needs the token of the address that coley serve printed, or the password: Authorization: Bearer <token>"};
  }
  if (knock.method == "POST" && knock.length.empty()) return {411, "a body needs a Content-Length"};
  if (knock.method == "POST" && !knock.content_type.starts_with("application/json")) return {415, "a body must be application/json"};
  return {};
}

}  // namespace coley::serve
