// In which form and language a document is read: by the headers, or by the query where a plain link cannot set any.
#include <array>

#include "api/accept.h"
#include "api/resources.h"

namespace tingan::api {
namespace {

struct FormName {
  ReadForm form;
  std::string_view name;
  std::string_view type;
};
constexpr std::array<FormName, 5> kForms = {
    {{ReadForm::json, "json", "application/json"},
     {ReadForm::html, "html", "text/html"},
     {ReadForm::pdf, "pdf", "application/pdf"},
     {ReadForm::csv, "csv", "text/csv"},
     {ReadForm::xlsx, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}}};

const FormName& named(ReadForm form) { return kForms[static_cast<std::size_t>(form)]; }

template <class Names>
Error unknown(const char* parameter, std::string_view got, const Names& known) {
  return {"query.unknown-value",
          {fmt::format("{} 应为 {} 之一", parameter, fmt::join(known, "、")),
           fmt::format("Expected {} to be one of {}, but got '{}'", parameter, fmt::join(known, ", "), got)},
          parameter};
}

}  // namespace

Expected<ReadForm> read_form_of(Call& call, std::initializer_list<ReadForm> offered) {
  std::vector<std::string_view> names;
  std::vector<std::string_view> types;
  for (const ReadForm form : offered) {
    names.push_back(named(form).name);
    types.push_back(named(form).type);
  }
  if (const auto lang = call.request.query_value("lang")) {
    if (*lang != "zh" && *lang != "en") {
      return tl::unexpected(unknown("lang", *lang, std::array<std::string_view, 2>{"zh", "en"}));
    }
    call.lang = *lang == "zh" ? Lang::zh : Lang::en;
  }
  if (const auto format = call.request.query_value("format")) {
    const auto found = std::find(names.begin(), names.end(), *format);
    if (found == names.end()) return tl::unexpected(unknown("format", *format, names));
    return *(offered.begin() + (found - names.begin()));
  }
  const auto chosen = choose_type(call.request.headers.get("Accept"), types);
  if (!chosen) return tl::unexpected(not_acceptable(fmt::format("{}", fmt::join(types, ", ")).c_str()));
  return *(offered.begin() + static_cast<std::ptrdiff_t>(*chosen));
}

}  // namespace tingan::api
