// SPDX-License-Identifier: Apache-2.0
// coley serve: the local web app.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include "commands.hpp"
#include "core/error.hpp"
#include "interruption.hpp"
#include "serve/server.hpp"

namespace coley {

namespace {

constexpr int kPort = 8570;
constexpr std::size_t kShortestPassword = 12;

struct CallOptions {
  std::string address = "127.0.0.1", password_file, data;
  int port = kPort;
};

/// Where the system keeps what programs write for a user.
std::filesystem::path default_folder() {
  const auto variable = [](const char* name) { const char* value = std::getenv(name); return std::string(value ? value : ""); };
  if (const std::string data = variable("XDG_DATA_HOME"); !data.empty()) return std::filesystem::path(data) / "coley";
  if (const std::string home = variable("HOME"); !home.empty()) return std::filesystem::path(home) / ".local/share/coley";
  throw InputError(Fault{.key = "--data", .found = "no home folder", .expected = "--data DIR, a folder for saved runs"});
}

std::string made_folder(const CallOptions& options) {
  const std::filesystem::path folder = options.data.empty() ? default_folder() : std::filesystem::path(options.data);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw InputError(Fault{.file = folder.string(), .key = "--data", .found = error.message(), .expected = "a folder, or a path where one can be made"});
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  return std::filesystem::absolute(folder).string();
}

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  if (!file || line.size() < kShortestPassword) throw InputError(Fault{.file = path, .key = "--password", .found = file ? "a shorter first line" : "no readable file", .expected = fmt::format("a file whose first line is a password of at least {} characters", kShortestPassword)});
  return line;
}

void start(const CallOptions& options) {
  const bool local = options.address == "127.0.0.1" || options.address == "localhost" || options.address == "::1";
  if (!local && options.password_file.empty()) throw InputError(Fault{.key = "--address", .found = options.address, .expected = "127.0.0.1; another address, which others can reach, needs --password FILE too"});
  const serve::Limits limits;
  const std::string folder = made_folder(options);
  const std::string secret = options.password_file.empty() ? serve::new_token() : first_line(options.password_file);
  serve::SavedRuns saved(folder + "/runs.sqlite");
  serve::Server server(limits, options.address, options.port);
  serve::Jobs jobs(limits, std::filesystem::read_symlink("/proc/self/exe").string(), folder, saved);
  serve::Api api(limits, jobs, saved);
  serve::Guard guard(secret, server.port(), !local);
  const OrderlyEnd end([&server] { server.stop(); });
  const std::string host = options.address == "::1" ? "[::1]" : options.address;
  std::cout << fmt::format("Coley is at http://{}:{}/{}\n", host, server.port(), options.password_file.empty() ? "#token=" + secret : "")
            << (local ? "" : "Others can reach this address, and what they send is not encrypted.\n")
            << fmt::format("Saved runs are in {}. Ctrl-C ends it.\n", folder) << std::flush;
  server.run(api, guard);
}

}  // namespace

void add_serve_command(CLI::App& program) {
  auto options = std::make_shared<CallOptions>();
  CLI::App* command = program.add_subcommand("serve", "The local web app: change a trial, watch it run, compare, save");
  command->add_option("--port", options->port, fmt::format("port (default {}); 0 takes any that is free", kPort))->check(CLI::Range(0, 65535));
  command->add_option("--address", options->address, "address to listen at (default 127.0.0.1, this machine only); another needs --password");
  command->add_option("--password", options->password_file, "file whose first line the page asks for, in place of the token in the printed address")->type_name("FILE");
  command->add_option("--data", options->data, "folder for saved runs and kept populations (default ~/.local/share/coley)")->type_name("DIR");
  command->callback([options] { start(*options); });
}

}  // namespace coley
