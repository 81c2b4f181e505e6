#include "app/data_root.h"

#include <boost/json.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "codec/business_yaml.h"
#include "codec/organisation_yaml.h"
#include "codec/plan_yaml.h"
#include "codec/yaml_mapping.h"

namespace tingan {
namespace {

namespace fs = std::filesystem;

bool is_data_root(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path / "plans", error) && fs::is_regular_file(path / "docs" / "clauses.yaml", error);
}

std::optional<fs::path> search_upward(fs::path path) {
  while (!path.empty()) {
    if (is_data_root(path)) return path;
    if (path == path.parent_path()) break;
    path = path.parent_path();
  }
  return std::nullopt;
}

// "plans/a.yaml:41" -> 41.
int line_of_place(const std::string& where) {
  const auto colon = where.find_last_of(':');
  if (colon == std::string::npos) return 1;
  const int line = std::atoi(where.c_str() + colon + 1);
  return line > 0 ? line : 1;
}

void add_errors(const std::vector<Error>& errors, const std::string& file, PlanId plan,
                std::vector<Finding>& findings) {
  for (const Error& error : errors) {
    findings.push_back(
        {Finding::Level::error, error.code, file, line_of_place(error.where), plan, {}, error.message, {}});
  }
}

}  // namespace

std::optional<fs::path> find_data_root() {
  std::error_code error;
  if (const char* named = std::getenv("TINGAN_SHARE"); named != nullptr && *named != '\0') {
    return fs::is_directory(named, error) ? std::optional<fs::path>(named) : std::nullopt;
  }
  if (auto found = search_upward(fs::current_path(error))) return found;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) return std::nullopt;
  if (auto found = search_upward(program.parent_path())) return found;
  const fs::path shared = program.parent_path().parent_path() / "share" / "tingan";
  return is_data_root(shared) ? std::optional<fs::path>(shared) : std::nullopt;
}

std::string without_line_end(std::string text) {
  text.erase(text.find_last_not_of("\r\n") + 1);
  return text;
}

Expected<std::string> read_text_file(const fs::path& path) {
  std::error_code error;
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (in && !fs::is_directory(path, error)) text << in.rdbuf();
  if (!in || fs::is_directory(path, error)) {
    return fail(
        "file.unreadable",
        {fmt::format("读不了文件 {}", path.string()), fmt::format("Expected to read {}, but cannot", path.string())},
        path.string());
  }
  return text.str();
}

std::string shown_path(const fs::path& path) {
  std::error_code error;
  const fs::path relative = fs::relative(path, fs::current_path(error), error);
  if (error || relative.empty() || *relative.begin() == "..") return path.string();
  return relative.string();
}

Expected<std::vector<fs::path>> plan_files(const fs::path& path) {
  std::error_code error;
  std::vector<fs::path> out;
  if (fs::is_regular_file(path, error)) return std::vector<fs::path>{path};
  if (fs::is_directory(path, error)) {
    for (const auto& entry : fs::directory_iterator(path, error)) {
      if (entry.path().extension() == ".yaml" || entry.path().extension() == ".yml") out.push_back(entry.path());
    }
  }
  if (out.empty()) {
    return fail("file.missing",
                {fmt::format("{} 里没有 YAML 文件", path.string()),
                 fmt::format("Expected YAML files at {}, but there are none", path.string())},
                path.string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

PlanPtr load_plan(const fs::path& path, std::vector<Finding>& findings) {
  const std::string shown = shown_path(path);
  const PlanId name(path.stem().string());
  const auto text = read_text_file(path);
  if (!text) {
    add_errors({text.error()}, shown, name, findings);
    return nullptr;
  }
  auto plan = parse_plan(*text, shown);
  if (plan) return *plan;
  add_errors(plan.error(), shown, name, findings);
  return nullptr;
}

OrganisationPtr load_organisation(const fs::path& path, std::vector<Finding>& findings) {
  const std::string shown = shown_path(path);
  const auto text = read_text_file(path);
  if (!text) {
    add_errors({text.error()}, shown, PlanId(), findings);
    return nullptr;
  }
  auto organisation = parse_organisation(*text, shown);
  if (organisation) return *organisation;
  add_errors(organisation.error(), shown, PlanId(), findings);
  return nullptr;
}

Expected<std::vector<ClauseEntry>> load_clauses(const fs::path& root) {
  const fs::path path = root / "docs" / "clauses.yaml";
  const auto text = read_text_file(path);
  if (!text) return tl::unexpected(text.error());
  Problems problems("clauses", shown_path(path));
  YamlNode tree;
  std::vector<ClauseEntry> out;
  if (read_yaml_tree(*text, problems, tree)) {
    for (const YamlNode& node : tree.items) {
      Mapping map(problems, node, {"条款", "a clause"});
      ClauseEntry entry;
      entry.id = ClauseId(map.word("id").text);
      entry.text = map.text("text");
      for (const Word& word : map.words_if("program").value_or(std::vector<Word>{})) entry.program.push_back(word.text);
      map.finish();
      out.push_back(std::move(entry));
    }
  }
  if (!problems.empty()) return tl::unexpected(problems.take().front());
  return out;
}

tl::expected<BusinessCatalogue, std::vector<Error>> load_business(const fs::path& path) {
  const auto files = plan_files(path);
  if (!files) return tl::unexpected(std::vector<Error>{files.error()});
  BusinessCatalogue out;
  std::vector<Error> errors;
  for (const fs::path& file : *files) {
    const auto text = read_text_file(file);
    if (!text) {
      errors.push_back(text.error());
      continue;
    }
    auto type = parse_business_type(*text, shown_path(file));
    if (!type) {
      errors.insert(errors.end(), type.error().begin(), type.error().end());
    } else if (const auto [at, fresh] = out.emplace((*type)->id, *type); !fresh) {
      errors.push_back({"business.duplicate",
                        {fmt::format("业务“{}”在 {} 里已经有了", (*type)->id.str(), at->second->file),
                         fmt::format("Expected every business once, but '{}' stands in {} already", (*type)->id.str(),
                                     at->second->file)},
                        (*type)->file});
    }
  }
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  return out;
}

std::map<FormId, std::vector<ClauseId>> load_forms(const fs::path& root) {
  constexpr std::string_view kSuffix = ".schema.json";
  std::map<FormId, std::vector<ClauseId>> out;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(root / "forms", error)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(kSuffix)) continue;
    auto& clauses = out[FormId(name.substr(0, name.size() - kSuffix.size()))];
    const auto text = read_text_file(entry.path());
    if (!text) continue;
    boost::json::error_code bad;
    const boost::json::value schema = boost::json::parse(*text, bad);
    if (bad || !schema.is_object()) continue;
    const auto* list = schema.get_object().if_contains("x-clauses");
    if (list == nullptr || !list->is_array()) continue;
    for (const auto& clause : list->get_array()) {
      if (clause.is_string()) clauses.emplace_back(std::string_view(clause.get_string()));
    }
  }
  return out;
}

}  // namespace tingan
