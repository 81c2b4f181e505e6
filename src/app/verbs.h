// The command line's verbs, one family a function, one verb a file. Each adds its subcommands and puts what the program
// shall end with into `exit_code`: 0 all right, 1 a check failed, 2 wrong use.
#pragma once
#include <CLI/CLI.hpp>

namespace tingan {

void add_plan_verbs(CLI::App& app, int& exit_code);
void add_rehearse(CLI::App& app, int& exit_code);
void add_tls_verbs(CLI::App& app, int& exit_code);
void add_serve(CLI::App& app, int& exit_code);
// `forms check`, `forms schema`: the business types of emergency acceptance.
void add_forms_verbs(CLI::App& app, int& exit_code);
void add_simulate(CLI::App& app, int& exit_code);
void add_back_office(CLI::App& app, int& exit_code);

// The members of the `plan` family.
void add_plan_check(CLI::App& plan, int& exit_code);
void add_plan_coverage(CLI::App& plan, int& exit_code);
void add_plan_show(CLI::App& plan, int& exit_code);
void add_plan_print(CLI::App& plan, int& exit_code);
void add_plan_diff(CLI::App& plan, int& exit_code);

// Parses and runs; what main returns.
int run_command_line(int argc, char** argv);

}  // namespace tingan
