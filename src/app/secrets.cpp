#include "app/secrets.h"

#include <algorithm>
#include <cstdlib>

#include "app/data_root.h"
#include "base/file.h"

namespace tingan {
namespace {

namespace fs = std::filesystem;

bool is_name(const std::string& text) {
  const auto fine = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.' || c == '@';
  };
  return !text.empty() && text.size() <= 64 && text.front() != '.' && std::all_of(text.begin(), text.end(), fine);
}

tl::unexpected<Error> no_secret(Text text, std::string where) {
  return fail("channel.no-secret", std::move(text), std::move(where));
}

Expected<std::string> text_of(const fs::path& file) {
  auto text = read_whole_file(file);
  if (!text) {
    return no_secret({fmt::format("读不了密钥文件 {}", file.filename().string()),
                      fmt::format("Expected to read the secret's file {}, but cannot", file.filename().string())},
                     file.filename().string());
  }
  return without_line_end(std::move(*text));
}

}  // namespace

Expected<Secrets> Secrets::read(const std::vector<std::string>& named, const fs::path& folder) {
  Secrets out;
  for (const std::string& one : named) {
    const std::size_t sign = one.find('=');
    const std::string name = one.substr(0, sign);
    if (sign == std::string::npos || sign + 1 == one.size() || !is_name(name)) {
      return fail("serve.wrong-use",
                  {"--secret 应为 名字=文件", "Expected --secret NAME=FILE, but got '" + name + "...'"}, "--secret");
    }
    if (!out.files_.emplace(name, one.substr(sign + 1)).second) {
      return fail("serve.wrong-use",
                  {"密钥“" + name + "”给了两次", "Expected each secret once, but '" + name + "' comes twice"},
                  "--secret");
    }
  }
  std::error_code error;
  if (!folder.empty() && !fs::is_directory(folder, error)) {
    return fail("serve.wrong-use", {"--secrets 应为一个目录", "Expected --secrets to name a folder, but it is none"},
                "--secrets");
  }
  out.folder_ = folder;
  return out;
}

Expected<fs::path> Secrets::file(const std::string& name) const {
  if (const auto found = files_.find(name); found != files_.end()) return found->second;
  std::error_code error;
  if (is_name(name) && !folder_.empty() && fs::is_regular_file(folder_ / name, error)) return folder_ / name;
  return no_secret(
      {fmt::format("没有名为“{}”的密钥；运维人员可在启动时写 --secret {}=文件", name, name),
       fmt::format("Expected a secret of the name '{}', but there is none; the operator gives it with --secret {}=FILE",
                   name, name)},
      name);
}

Expected<std::string> Secrets::find(const SecretRef& reference) const {
  if (!reference.name.empty()) {
    const auto named = file(reference.name);
    if (!named) return tl::unexpected(named.error());
    return text_of(*named);
  }
  if (!reference.env.empty()) {
    if (const char* value = std::getenv(reference.env.c_str())) return std::string(value);
    return no_secret({fmt::format("没有设置环境变量 {}", reference.env),
                      fmt::format("Expected the environment variable {}, but it is not set", reference.env)},
                     reference.env);
  }
  return reference.file.empty() ? std::string() : text_of(reference.file);
}

}  // namespace tingan
