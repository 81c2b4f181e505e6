// tingan plan print: a plan, or one role's card, on paper.
#include <fstream>
#include <iostream>

#include "app/plan_lookup.h"
#include "app/verbs.h"

namespace tingan {
namespace {

struct Request {
  std::string plan;
  std::string role;
  std::string folder;
  std::string html;
  std::string pdf;
};

int print(const Request& request) {
  constexpr int kWrongUse = 2;
  if (!request.pdf.empty()) {
    std::cerr << "这个版本还不能直接输出 PDF，请用 --html 再从浏览器打印 / "
                 "This build cannot write PDF yet: use --html and print from a browser\n";
    return kWrongUse;
  }
  if (request.html.empty()) {
    std::cerr << "请写明输出文件：--html 文件 / Expected --html FILE to write to\n";
    return kWrongUse;
  }
  const auto plan = find_plan(request.plan, request.folder);
  const auto role = find_card_role(request.role);
  if (!plan || !role) {
    std::cerr << to_string(plan ? role.error() : plan.error()) << '\n';
    return !plan && plan.error().code == "plan.broken" ? 1 : kWrongUse;
  }
  std::ofstream out(request.html, std::ios::binary | std::ios::trunc);
  out << role_card_html(**plan, {*role, Language::both});
  out.close();
  if (!out) {
    std::cerr << fmt::format("写不了文件 {} / Expected to write {}, but cannot\n", request.html, request.html);
    return 1;
  }
  return 0;
}

}  // namespace

void add_plan_print(CLI::App& plan, int& exit_code) {
  auto request = std::make_shared<Request>();
  CLI::App* verb =
      plan.add_subcommand("print", "a plan, or one role's card, for the wall: A4, version and hash on the foot");
  verb->add_option("ID", request->plan, "incident type, or a plan file")->required();
  verb->add_option("--role", request->role, "only what this role has to do");
  verb->add_option("--plans", request->folder, "folder of plans (default: the shipped plans)");
  verb->add_option("--html", request->html, "write HTML to this file");
  verb->add_option("--pdf", request->pdf, "write PDF to this file");
  verb->callback([request, &exit_code] { exit_code = print(*request); });
}

}  // namespace tingan
