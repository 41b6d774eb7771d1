// SPDX-License-Identifier: Apache-2.0
#include "serve/saved_runs.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <array>

#include "core/error.hpp"

namespace coley::serve {

namespace {

using Json = nlohmann::ordered_json;

/// Step i brings a file of version i to version i + 1. A step that has shipped is never changed.
constexpr std::array kMigrations{
    "CREATE TABLE run (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, created TEXT NOT NULL, trial TEXT NOT NULL,"
    " file_name TEXT NOT NULL, protocol TEXT NOT NULL, sets TEXT NOT NULL, patients INTEGER NOT NULL, seed INTEGER NOT NULL,"
    " twins INTEGER NOT NULL, version TEXT NOT NULL, parameters_sha256 TEXT NOT NULL, protocol_sha256 TEXT NOT NULL,"
    " summary TEXT NOT NULL)",
};

constexpr const char* kColumns = "id, name, created, trial, file_name, protocol, sets, patients, seed, twins, version, parameters_sha256, protocol_sha256, summary";
constexpr const char* kShortColumns = "id, name, created, trial, file_name, '', sets, patients, seed, twins, version, parameters_sha256, protocol_sha256, ''";

[[noreturn]] void fail(sqlite3* database) { throw RunError(std::string("the saved runs: ") + sqlite3_errmsg(database)); }

/// A prepared statement with its values.
class Statement {
 public:
  Statement(sqlite3* database, const std::string& sql) : database_(database) {
    if (sqlite3_prepare_v2(database, sql.c_str(), -1, &statement_, nullptr) != SQLITE_OK) fail(database);
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& bind(const std::string& text) {
    sqlite3_bind_text(statement_, ++bound_, text.c_str(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
    return *this;
  }
  Statement& bind(long long number) {
    sqlite3_bind_int64(statement_, ++bound_, number);
    return *this;
  }
  /// True when there is a row.
  bool step() {
    const int result = sqlite3_step(statement_);
    if (result != SQLITE_ROW && result != SQLITE_DONE) fail(database_);
    return result == SQLITE_ROW;
  }
  std::string text(int column) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return bytes ? std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))) : std::string();
  }
  long long number(int column) const { return sqlite3_column_int64(statement_, column); }

 private:
  sqlite3* database_;
  sqlite3_stmt* statement_ = nullptr;
  int bound_ = 0;
};

void execute(sqlite3* database, const std::string& sql) {
  if (sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail(database);
}

long long version_of(sqlite3* database) {
  Statement ask(database, "PRAGMA user_version");
  ask.step();
  return ask.number(0);
}

void migrate(sqlite3* database) {
  for (auto version = static_cast<std::size_t>(version_of(database)); version < kMigrations.size(); ++version) {
    execute(database, fmt::format("BEGIN IMMEDIATE; {}; PRAGMA user_version = {}; COMMIT", kMigrations[version], version + 1));
  }
}

SavedRun row_of(const Statement& row) {
  SavedRun run;
  run.id = row.number(0);
  run.name = row.text(1);
  run.created = row.text(2);
  run.request.trial = row.text(3);
  run.request.protocol = {row.text(4), row.text(5)};
  run.request.sets = Json::parse(row.text(6)).get<std::vector<std::string>>();
  run.request.patients = row.number(7);
  run.request.seed = static_cast<std::uint64_t>(row.number(8));
  run.request.twins = row.number(9) != 0;
  run.version = row.text(10);
  run.parameters_sha256 = row.text(11);
  run.protocol_sha256 = row.text(12);
  run.summary = row.text(13);
  return run;
}

}  // namespace

int saved_runs_version() { return static_cast<int>(kMigrations.size()); }

SavedRuns::SavedRuns(const std::string& path) {
  const auto refuse = [&](const std::string& found) {
    sqlite3_close(database_);
    throw InputError(Fault{.file = path, .found = found, .expected = "saved runs of this version of Coley, or no file"});
  };
  if (sqlite3_open_v2(path.c_str(), &database_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX, nullptr) != SQLITE_OK) refuse(sqlite3_errmsg(database_));
  try {
    sqlite3_busy_timeout(database_, 5000);
    execute(database_, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    if (const long long version = version_of(database_); version > saved_runs_version()) refuse(fmt::format("saved runs of version {}", version));
    migrate(database_);
  } catch (const RunError& error) {
    refuse(error.what());
  }
}

SavedRuns::~SavedRuns() { sqlite3_close(database_); }

std::vector<SavedRun> SavedRuns::list() const {
  const std::lock_guard lock(mutex_);
  std::vector<SavedRun> runs;
  Statement rows(database_, fmt::format("SELECT {} FROM run ORDER BY id DESC", kShortColumns));
  while (rows.step()) runs.push_back(row_of(rows));
  return runs;
}

SavedRun SavedRuns::get(long long id) const {
  const std::lock_guard lock(mutex_);
  Statement row(database_, fmt::format("SELECT {} FROM run WHERE id = ?", kColumns));
  if (!row.bind(id).step()) throw NoSuchRun(fmt::format("there is no saved run {}", id));
  return row_of(row);
}

long long SavedRuns::add(const SavedRun& run) {
  const std::lock_guard lock(mutex_);
  const RunRequest& r = run.request;
  Statement insert(database_,
      "INSERT INTO run (name, created, trial, file_name, protocol, sets, patients, seed, twins, version, parameters_sha256, protocol_sha256, summary)"
      " VALUES (?, coalesce(nullif(?, ''), strftime('%Y-%m-%dT%H:%M:%SZ', 'now')), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  insert.bind(run.name).bind(run.created).bind(r.trial).bind(r.protocol.file_name).bind(r.protocol.text).bind(Json(r.sets).dump());
  insert.bind(r.patients).bind(static_cast<long long>(r.seed)).bind(static_cast<long long>(r.twins));
  insert.bind(run.version).bind(run.parameters_sha256).bind(run.protocol_sha256).bind(run.summary).step();
  return sqlite3_last_insert_rowid(database_);
}

bool SavedRuns::remove(long long id) {
  const std::lock_guard lock(mutex_);
  Statement(database_, "DELETE FROM run WHERE id = ?").bind(id).step();
  return sqlite3_changes(database_) > 0;
}

}  // namespace coley::serve
