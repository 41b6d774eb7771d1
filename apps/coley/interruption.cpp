// SPDX-License-Identifier: Apache-2.0
#include "interruption.hpp"

#include <unistd.h>

#include <csignal>
#include <cstring>
#include <mutex>
#include <thread>
#include <utility>

#include "output_folder.hpp"

namespace coley {

namespace {

constexpr int kInterrupted = 130;

std::mutex orderly_mutex;
std::function<void()> orderly_end;

bool ends_orderly() {
  const std::lock_guard lock(orderly_mutex);
  const auto end = std::exchange(orderly_end, nullptr);
  if (end) end();
  return end != nullptr;
}

bool ignored(int number) {
  struct sigaction action {};
  return sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

[[noreturn]] void wait_and_end(const sigset_t& signals) {
  for (int number = 0; sigwait(&signals, &number) != 0 || ends_orderly();) {
  }
  OutputFolder::abandon_all();
  constexpr char kMessage[] = "\ncoley: interrupted; nothing half-written is left\n";
  [[maybe_unused]] const auto written = write(STDERR_FILENO, kMessage, std::strlen(kMessage));
  _exit(kInterrupted);
}

}  // namespace

void watch_for_interruption() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  sigset_t signals;
  sigemptyset(&signals);
  for (int number : {SIGINT, SIGTERM}) {
    if (!ignored(number)) sigaddset(&signals, number);
  }
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // inherited by every thread
  std::thread([signals] { wait_and_end(signals); }).detach();
}

OrderlyEnd::OrderlyEnd(std::function<void()> end) {
  const std::lock_guard lock(orderly_mutex);
  orderly_end = std::move(end);
}

OrderlyEnd::~OrderlyEnd() {
  const std::lock_guard lock(orderly_mutex);  // and waits until it has been called
  orderly_end = nullptr;
}

}  // namespace coley
