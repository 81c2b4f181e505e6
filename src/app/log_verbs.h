// The verbs that work on a log: verify, export, backup, restore, keys. Exit codes: 0 ok, 1 a check failed, 2 wrong use.
#pragma once
#include <CLI/CLI.hpp>
#include <iosfwd>

#include "runtime/log_verify.h"
#include "store/sqlite/data_folder.h"

namespace tingan {

void add_log_verbs(CLI::App& app, int& exit_code);

// The members of the family, one file each.
void add_verify(CLI::App& app, int& exit_code);
void add_export(CLI::App& app, int& exit_code);
void add_backup(CLI::App& app, int& exit_code);
void add_restore(CLI::App& app, int& exit_code);
void add_keys(CLI::App& app, int& exit_code);

// Everything in a data folder, held to `public_key` or else to the folder's own node.key. Errors: `store.*`.
Expected<VerifyReport> verify_folder(const DataFolder& folder, VerifyOptions options);
// In both languages, one line a language.
std::string say(const VerifyReport& report);

}  // namespace tingan
