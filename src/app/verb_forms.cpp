// tingan forms: the business types of emergency acceptance, checked and as JSON Schema.
#include <boost/json.hpp>
#include <iostream>

#include "app/data_root.h"
#include "app/verbs.h"
#include "codec/business_yaml.h"

namespace tingan {
namespace {

namespace fs = std::filesystem;

struct Request {
  std::vector<std::string> paths;
  std::string id;
  bool json = false;
};

// nullopt: nothing is named, and no data root is found.
std::optional<std::vector<fs::path>> folders_of(const Request& request) {
  if (!request.paths.empty()) return std::vector<fs::path>(request.paths.begin(), request.paths.end());
  const auto root = find_data_root();
  if (root) return std::vector<fs::path>{*root / "forms"};
  std::cerr
      << "tingan: 找不到随附的业务文件，请写明路径或设置 TINGAN_SHARE / expected the shipped business types: name "
         "a path or set TINGAN_SHARE\n";
  return std::nullopt;
}

void print_errors(const std::vector<Error>& errors) {
  for (const Error& error : errors) {
    fmt::print("{}: {}\n    {} [{}]\n", error.where, error.message.zh, error.message.en, error.code);
  }
}

int check(const Request& request) {
  const auto folders = folders_of(request);
  if (!folders) return 2;
  BusinessCatalogue all;
  std::vector<Error> errors;
  for (const fs::path& folder : *folders) {
    const auto found = load_business(folder);
    if (found) {
      all.insert(found->begin(), found->end());
    } else {
      errors.insert(errors.end(), found.error().begin(), found.error().end());
    }
  }
  if (request.json) {
    boost::json::array list;
    for (const Error& error : errors) {
      list.push_back({{"code", error.code},
                      {"where", error.where},
                      {"message", {{"zh", error.message.zh}, {"en", error.message.en}}}});
    }
    fmt::print("{}\n", boost::json::serialize(list));
    return errors.empty() ? 0 : 1;
  }
  print_errors(errors);
  for (const auto& [id, type] : all) {
    fmt::print("{:<24} {}{}\n", id.str(), type->title.zh, type->pre_acceptable ? "" : "（只登记回访）");
  }
  fmt::print("{} 种业务，{} 个错误 / {} business types, {} errors\n", all.size(), errors.size(), all.size(),
             errors.size());
  return errors.empty() ? 0 : 1;
}

int schema(const Request& request) {
  const auto folders = folders_of(request);
  if (!folders) return 2;
  const auto all = load_business(folders->front());
  if (!all) {
    print_errors(all.error());
    return 1;
  }
  const auto found = all->find(BusinessId(request.id));
  if (found == all->end()) {
    std::cerr << "tingan: 没有业务 / expected a known business type, but got '" << request.id << "'\n";
    return 2;
  }
  fmt::print("{}\n", business_schema(*found->second));
  return 0;
}

}  // namespace

void add_forms_verbs(CLI::App& app, int& exit_code) {
  CLI::App* forms = app.add_subcommand("forms", "the business types of emergency acceptance");
  forms->require_subcommand(1);
  auto request = std::make_shared<Request>();
  CLI::App* checking = forms->add_subcommand("check", "load them: every mistake with file and line; exit 1 if any");
  checking->add_option("PATH", request->paths, "files or folders (default: the shipped ones)");
  checking->add_flag("--json", request->json, "print a list of mistakes");
  checking->callback([request, &exit_code] { exit_code = check(*request); });
  CLI::App* showing = forms->add_subcommand("schema", "one of them as JSON Schema");
  showing->add_option("ID", request->id, "the business type")->required();
  showing->add_option("--forms", request->paths, "folder (default: the shipped ones)");
  showing->callback([request, &exit_code] { exit_code = schema(*request); });
}

}  // namespace tingan
