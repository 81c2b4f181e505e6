#include <exception>
#include <iostream>

#include "app/log_verbs.h"
#include "app/private_files.h"
#include "app/verbs.h"

namespace tingan {
namespace {

// These write into data folders, or copies of them: what they make is for the node's own user only.
bool writes_data(int argc, char** argv) {
  static constexpr std::string_view kVerbs[] = {"serve", "tls", "keys", "backup", "restore", "export", "back-office"};
  return argc > 1 && std::find(std::begin(kVerbs), std::end(kVerbs), std::string_view(argv[1])) != std::end(kVerbs);
}

}  // namespace

int run_command_line(int argc, char** argv) {
  constexpr int kWrongUse = 2;
  CLI::App app{"Ting'an (厅安): runs a service hall's emergency plans", "tingan"};
  app.require_subcommand(1);
  int exit_code = 0;
  add_serve(app, exit_code);
  add_simulate(app, exit_code);
  add_back_office(app, exit_code);
  add_plan_verbs(app, exit_code);
  add_forms_verbs(app, exit_code);
  add_rehearse(app, exit_code);
  add_log_verbs(app, exit_code);
  add_tls_verbs(app, exit_code);
  if (writes_data(argc, argv)) make_files_private();
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {
    return app.exit(asked);  // --help
  } catch (const CLI::ParseError& wrong) {
    app.exit(wrong);
    return kWrongUse;
  } catch (const std::exception& fault) {
    std::cerr << "tingan: " << fault.what() << '\n';
    return 1;
  }
  return exit_code;
}

void add_plan_verbs(CLI::App& app, int& exit_code) {
  CLI::App* plan = app.add_subcommand("plan", "check, read, print and compare emergency plans");
  plan->require_subcommand(1);
  add_plan_check(*plan, exit_code);
  add_plan_coverage(*plan, exit_code);
  add_plan_show(*plan, exit_code);
  add_plan_print(*plan, exit_code);
  add_plan_diff(*plan, exit_code);
}

}  // namespace tingan
