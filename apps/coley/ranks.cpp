// SPDX-License-Identifier: Apache-2.0
#include "ranks.hpp"

#include <mpi.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <exception>

#include "core/error.hpp"

namespace coley {

namespace {

constexpr int kFailed = 1, kWrongInput = 2;  // exit codes

/// mpirun and srun say so in the environment: a run on one machine pays nothing for MPI.
bool started_by_mpi() {
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"}) {
    if (std::getenv(name)) return true;
  }
  return false;
}

int exit_code(const std::exception_ptr& failure) {
  if (!failure) return 0;
  try {
    std::rethrow_exception(failure);
  } catch (const InputError&) {
    return kWrongInput;
  } catch (...) {
    return kFailed;
  }
}

}  // namespace

Ranks::Ranks() {
  if (!started_by_mpi()) return;
  int given = 0;
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &given);
  MPI_Comm_rank(MPI_COMM_WORLD, &index_);
  MPI_Comm_size(MPI_COMM_WORLD, &count_);
  MPI_Comm machine;
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, index_, MPI_INFO_NULL, &machine);
  MPI_Comm_size(machine, &neighbours_);
  MPI_Comm_free(&machine);
}

Ranks::~Ranks() {
  int begun = 0;
  MPI_Initialized(&begun);
  if (begun) MPI_Finalize();
}

void Ranks::together(const std::function<void()>& work) const {
  if (count_ == 1) return work();
  std::exception_ptr failure;
  try {
    work();
  } catch (...) {
    failure = std::current_exception();
  }
  const int code = exit_code(failure);
  std::vector<int> codes(static_cast<std::size_t>(count_));
  MPI_Allgather(&code, 1, MPI_INT, codes.data(), 1, MPI_INT, MPI_COMM_WORLD);
  for (int rank = 0; rank < count_; ++rank) {
    const int first_code = codes[static_cast<std::size_t>(rank)];
    if (first_code == 0) continue;
    if (rank == index_) std::rethrow_exception(failure);
    throw CLI::RuntimeError(first_code);
  }
}

std::vector<std::string> Ranks::gather(const std::string& text) const {
  if (count_ == 1) return {text};
  if (!first()) {
    MPI_Send(text.data(), static_cast<int>(text.size()), MPI_CHAR, 0, 0, MPI_COMM_WORLD);
    return {};
  }
  std::vector<std::string> texts{text};
  for (int rank = 1; rank < count_; ++rank) {
    MPI_Status status;
    MPI_Probe(rank, 0, MPI_COMM_WORLD, &status);
    int size = 0;
    MPI_Get_count(&status, MPI_CHAR, &size);
    std::string& next = texts.emplace_back(static_cast<std::size_t>(size), '\0');
    MPI_Recv(next.data(), size, MPI_CHAR, rank, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  }
  return texts;
}

}  // namespace coley
