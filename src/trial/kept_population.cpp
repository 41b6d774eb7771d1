// SPDX-License-Identifier: Apache-2.0
#include "trial/kept_population.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <type_traits>

#include "biology/integrate.hpp"
#include "core/error.hpp"
#include "core/sha256.hpp"
#include "protocol/protocol_file.hpp"
#include "trial/enrol_trial.hpp"
#include "trial/version.hpp"

namespace coley {

namespace {

static_assert(std::is_trivially_copyable_v<Patient> && std::is_trivially_copyable_v<ScreeningCount>, "patients are kept as they are in memory");

/// All that a population hangs on, besides the seed and the number of places.
std::string digest(const Design& design, const solver::Tolerance& tolerance) {
  const Protocol& protocol = design.protocol();
  Protocol only;
  only.population = protocol.population;
  only.population.size = 0;  // the number of places is in the name
  std::string text = sha256_of(only) + design.inputs.parameters.sha256();
  // treatment before randomisation is a course of its own
  if (design.earlier) text += design.inputs.protocol_sha256 + design.inputs.parameters_sha256;
  text += fmt::format("{} {} {} {} {} {} {} {}", kVersion, biology::to_string(biology::supported().back()), sizeof(Patient), tolerance.relative,
                      tolerance.largest_step, tolerance.restart_step, tolerance.smallest_step, tolerance.root_days);
  return sha256(text).substr(0, 16);
}

std::string bytes_of(const Enrolment& enrolment) {
  std::string bytes(sizeof(ScreeningCount) + enrolment.patients.size() * sizeof(Patient), '\0');
  std::memcpy(bytes.data(), &enrolment.screening, sizeof(ScreeningCount));
  std::memcpy(bytes.data() + sizeof(ScreeningCount), enrolment.patients.data(), enrolment.patients.size() * sizeof(Patient));
  return bytes;
}

std::optional<Enrolment> read(const std::string& path, std::uint64_t places) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::string check(64, '\0'), bytes(sizeof(ScreeningCount) + places * sizeof(Patient), '\0');
  in.read(check.data(), static_cast<std::streamsize>(check.size()));
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!in || in.peek() != std::char_traits<char>::eof() || sha256(bytes) != check) {
    throw RunError("the kept population " + path + " is damaged; delete it, and the run will make it again");
  }
  Enrolment enrolment;
  enrolment.patients.resize(places);
  std::memcpy(static_cast<void*>(&enrolment.screening), bytes.data(), sizeof(ScreeningCount));
  std::memcpy(static_cast<void*>(enrolment.patients.data()), bytes.data() + sizeof(ScreeningCount), places * sizeof(Patient));
  return enrolment;
}

/// Under a name of its own first: a file under the final name is whole. Two threads never write the same trial; two processes may.
void write(const std::string& path, const Enrolment& enrolment) {
  const std::string bytes = bytes_of(enrolment), pending = fmt::format("{}.{}.part", path, getpid());
  std::ofstream out(pending, std::ios::binary | std::ios::trunc);
  out << sha256(bytes) << bytes;
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(pending, path, error);
  if (!out || error) {
    std::filesystem::remove(pending, error);
    throw RunError("cannot keep the population in " + path + ": is the disk full, or the folder not writable?");
  }
}

}  // namespace

KeptPopulation::KeptPopulation(const Design& design, std::string folder, const solver::Tolerance& tolerance)
    : design_(design), folder_(std::move(folder)), tolerance_(tolerance) {
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error) throw RunError("cannot make the folder " + folder_ + ": " + error.message());
}

std::string KeptPopulation::file(DrawKey key, std::uint64_t places) const {
  return fmt::format("{}/{}-seed-{}-trial-{}-of-{}.population", folder_, digest(design_.of_trial(key.replicate), tolerance_), key.seed, key.replicate, places);
}

Enrolment KeptPopulation::enrol(DrawKey key, std::uint64_t places, const Enrolled& seen) const {
  const std::string path = file(key, places);
  if (std::optional<Enrolment> kept = read(path, places)) return std::move(*kept);
  Enrolment enrolment = enrol_trial(design_.of_trial(key.replicate), key, places, tolerance_, seen);
  write(path, enrolment);
  return enrolment;
}

}  // namespace coley
