// SPDX-License-Identifier: Apache-2.0
#include "protocol/notes_file.hpp"

#include "protocol/shipped.hpp"
#include "protocol/table_reader.hpp"

namespace coley {

namespace {

constexpr int kNotesSchema = 1;

struct NotesFile {
  int schema_version = 0;
  std::vector<Note> notes;
};

}  // namespace

// clang-format off
static Table define(Note& n) {
  return {"note", "Why rows are not met", {
    required({"rows", &n.rows, filled(), "published rows"}),
    required({"text", &n.text, filled(), "which mechanism or datum, and what was tried"}),
  }};
}

static Table define(NotesFile& f) {
  return {"notes", "What is said of rows that are not met", {
    required({"schema_version", &f.schema_version, any(), "version of this definition"}),
    list("note", f.notes, "", "why rows are not met"),
  }};
}
// clang-format on

std::vector<Note> read_notes(std::string_view text, const std::string& file_name) {
  NotesFile file;
  FaultList faults = read_file(text, file_name, kNotesSchema, define(file));
  const std::vector<std::string> known = shipped_names().evidence_rows;
  for (std::size_t i = 0; i < file.notes.size(); ++i) {
    for (const std::string& row : file.notes[i].rows) {
      check_known(element("note", i) + ".rows", row, known, "the id of a row of evidence/published.csv", faults);
    }
  }
  faults.throw_if_any();
  return std::move(file.notes);
}

}  // namespace coley
