// SPDX-License-Identifier: Apache-2.0
#include "serve/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>

#include "core/error.hpp"

#if defined(__has_feature)  // clang
#define COLEY_HAS(feature) __has_feature(feature)
#else
#define COLEY_HAS(feature) 0
#endif

namespace coley::serve {

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || COLEY_HAS(address_sanitizer) || COLEY_HAS(thread_sanitizer)
constexpr bool kSanitized = true;  // sanitizers map terabytes
#else
constexpr bool kSanitized = false;
#endif

constexpr std::size_t kMostErrors = 64'000, kLongestLine = 64'000'000;
constexpr int kNice = 5;  // the server answers while runs take every core

void limit(int resource, rlim_t most) {
  const rlimit both{most, most};
  setrlimit(static_cast<__rlimit_resource>(resource), &both);
}

/// Between fork and exec: only calls that are safe in a child of many threads.
[[noreturn]] void become(char* const* arguments, const Command& command, pid_t parent, int output, int errors) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);  // it died before the line above
  limit(RLIMIT_CORE, 0);
  if (!kSanitized && command.memory_bytes > 0) limit(RLIMIT_DATA, command.memory_bytes);
  setpriority(PRIO_PROCESS, 0, kNice);
  const int input = open("/dev/null", O_RDONLY);
  dup2(input, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(errors, STDERR_FILENO);
  close_range(3, ~0U, 0);  // sockets and the database are the server's
  if (chdir(command.folder.c_str()) == 0) execv(arguments[0], arguments);
  _exit(127);
}

/// Appends what is there; false at the end of the file.
bool take(int file, std::string& text) {
  char buffer[65536];
  const ssize_t n = ::read(file, buffer, sizeof buffer);
  if (n > 0) text.append(buffer, static_cast<std::size_t>(n));
  return n > 0 || (n < 0 && errno == EINTR);
}

}  // namespace

Process::Process(const Command& command) {
  std::vector<char*> arguments;
  for (const std::string& argument : command.arguments) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  int output[2], errors[2];
  if (pipe2(output, O_CLOEXEC) != 0) throw RunError(std::string("cannot start a run: ") + std::strerror(errno));
  if (pipe2(errors, O_CLOEXEC) != 0) {
    close(output[0]);
    close(output[1]);
    throw RunError(std::string("cannot start a run: ") + std::strerror(errno));
  }
  const pid_t parent = getpid();
  child_ = fork();
  if (child_ == 0) become(arguments.data(), command, parent, output[1], errors[1]);
  close(output[1]);
  close(errors[1]);
  output_ = output[0];
  errors_ = errors[0];
  if (child_ < 0) {
    close(output_);
    close(errors_);
    throw RunError(std::string("cannot start a run: ") + std::strerror(errno));
  }
}

Process::~Process() {
  {
    const std::lock_guard lock(mutex_);
    kill_child();
    if (child_ > 0) waitpid(child_, nullptr, 0);
  }
  close(output_);
  close(errors_);
}

void Process::kill_child() {
  if (child_ > 0) kill(child_, SIGKILL);
}

void Process::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  kill_child();
}

Ended Process::read(double seconds, const std::function<void(const std::string&)>& on_line) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  Ended ended;
  std::string text;
  pollfd files[2] = {{output_, POLLIN, 0}, {errors_, POLLIN, 0}};
  while (files[0].fd >= 0 || files[1].fd >= 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
    ended.late = ended.late || left <= 0;
    if (ended.late || text.size() > kLongestLine) {
      const std::lock_guard lock(mutex_);
      kill_child();
    }
    if (poll(files, 2, ended.late ? -1 : static_cast<int>(std::min<long long>(left + 1, 60'000))) < 0) continue;
    if (files[1].revents != 0 && !take(files[1].fd, ended.errors)) files[1].fd = -1;
    ended.errors.resize(std::min(ended.errors.size(), kMostErrors));
    if (files[0].revents == 0) continue;
    if (!take(files[0].fd, text)) files[0].fd = -1;
    std::size_t start = 0;
    for (std::size_t line; (line = text.find('\n', start)) != std::string::npos; start = line + 1) on_line(text.substr(start, line - start));
    text.erase(0, start);
  }
  const std::lock_guard lock(mutex_);
  int status = 0;
  while (waitpid(child_, &status, 0) < 0 && errno == EINTR) {
  }
  child_ = -1;
  ended.stopped = stopped_;
  if (WIFEXITED(status)) ended.code = WEXITSTATUS(status);
  return ended;
}

}  // namespace coley::serve
