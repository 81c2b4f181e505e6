#include <exception>
#include <iostream>

#include "app/log_verbs.h"
#include "app/verbs.h"

namespace tingan {

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
