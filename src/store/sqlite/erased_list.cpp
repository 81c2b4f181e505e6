#include "store/sqlite/erased_list.h"

#include <algorithm>

#include "store/sqlite/database.h"
#include "store/sqlite/key_store.h"

namespace tingan {
namespace {

using sqlite::Database;
using sqlite::OpenMode;

constexpr std::string_view kHead =
    "# 厅安：已删除资料的编号，恢复旧备份时用 tingan restore --erased 再次删除\n"
    "# Ting'an: what was erased; 'tingan restore --erased' erases it again in an older backup\n";

Expected<Database> open_keys(const DataFolder& folder, OpenMode mode) {
  std::error_code ignored;
  if (std::filesystem::exists(folder.keys(), ignored)) return Database::open(folder.keys(), mode);
  return fail("store.none", {"此目录中没有密钥库", "Expected a data folder with keys, but there are none"},
              folder.path.string());
}

// "order:<id>": a kind, a colon, and no blank or control character.
bool is_key_name(std::string_view name) {
  const auto colon = name.find(':');
  return colon != 0 && colon != std::string_view::npos && colon + 1 < name.size() &&
         std::all_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) > ' ' && c != 0x7f; });
}

}  // namespace

Expected<std::vector<std::string>> erased_names(const DataFolder& folder) {
  auto database = open_keys(folder, OpenMode::read_only);
  if (!database) return tl::unexpected(database.error());
  auto rows = database->prepare("SELECT name FROM keys WHERE box IS NULL ORDER BY name");
  if (!rows) return tl::unexpected(rows.error());
  std::vector<std::string> names;
  while (true) {
    const auto row = rows->next();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return names;
    names.emplace_back(rows->bytes(0));
  }
}

Expected<std::size_t> erase_again(const DataFolder& folder, const std::vector<std::string>& names) {
  auto database = open_keys(folder, OpenMode::read_write);
  if (!database) return tl::unexpected(database.error());
  // What is taken out is overwritten, also in the journal.
  auto done = database->execute(fmt::format("{}BEGIN IMMEDIATE", kKeyStoreSettings));
  if (!done) return tl::unexpected(done.error());
  auto there = database->prepare("SELECT 1 FROM keys WHERE name = ?1 AND box IS NOT NULL");
  auto destroy =
      database->prepare("INSERT INTO keys(name, box) VALUES(?1, NULL) ON CONFLICT(name) DO UPDATE SET box = NULL");
  if (!there) return tl::unexpected(there.error());
  if (!destroy) return tl::unexpected(destroy.error());
  std::size_t destroyed = 0;
  for (const std::string& name : names) {
    const auto found = there->bind_text(1, name).next();
    there->reset();
    if (!found) return tl::unexpected(found.error());
    if (*found) ++destroyed;
    if (done = destroy->bind_text(1, name).run(); !done) return tl::unexpected(done.error());
  }
  done = database->execute("COMMIT");
  if (!done) return tl::unexpected(done.error());
  return destroyed;
}

std::string write_erased(const std::vector<std::string>& names) {
  std::string text(kHead);
  for (const std::string& name : names) text += name + "\n";
  return text;
}

Expected<std::vector<std::string>> read_erased(std::string_view text) {
  std::vector<std::string> names;
  for (std::size_t from = 0, line = 1; from < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    std::string_view name = text.substr(from, end - from);
    from = end + 1;
    if (name.ends_with('\r')) name.remove_suffix(1);
    if (name.empty() || name.starts_with('#')) continue;
    if (!is_key_name(name)) {
      return fail("erased.malformed", {fmt::format("第 {} 行应是 order:编号 这样的名称", line),
                                       fmt::format("Expected a name such as order:ID, but line {} is none", line)});
    }
    names.emplace_back(name);
  }
  return names;
}

}  // namespace tingan
