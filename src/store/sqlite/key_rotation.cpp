#include "store/sqlite/key_rotation.h"

#include <sodium.h>

#include "base/file.h"
#include "store/sqlite/key_box.h"
#include "store/sqlite/key_store.h"
#include "store/sqlite/master_key.h"

namespace tingan {
namespace {

namespace fs = std::filesystem;

Expected<void> note(sqlite::Database& keys, const std::string& check) {
  auto statement = keys.prepare("INSERT INTO master(one, mark) VALUES(1, ?1) ON CONFLICT(one) DO UPDATE SET mark = ?1");
  if (!statement) return tl::unexpected(statement.error());
  return statement->bind_text(1, check).run();
}

Expected<std::string> noted(sqlite::Database& keys) {
  auto statement = keys.prepare("SELECT mark FROM master WHERE one = 1");
  if (!statement) return tl::unexpected(statement.error());
  const auto row = statement->next();
  if (!row) return tl::unexpected(row.error());
  return *row ? std::string(statement->bytes(0)) : std::string();
}

struct Box {
  std::string name;
  std::string box;
};

Expected<std::vector<Box>> all_boxes(sqlite::Database& keys) {
  auto statement = keys.prepare("SELECT name, box FROM keys WHERE box IS NOT NULL");
  if (!statement) return tl::unexpected(statement.error());
  std::vector<Box> out;
  for (;;) {
    const auto row = statement->next();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    out.push_back({std::string(statement->bytes(0)), std::string(statement->bytes(1))});
  }
}

Expected<void> seal_anew(sqlite::Database& keys, std::vector<Box>& boxes, const SealKey& from, const SealKey& to,
                         Random& random) {
  auto update = keys.prepare("UPDATE keys SET box = ?2 WHERE name = ?1");
  if (!update) return tl::unexpected(update.error());
  for (Box& one : boxes) {
    auto key = open_key(one.box, one.name, from);
    if (!key)
      return tl::unexpected(
          sqlite::damaged("密钥无法用主密钥打开", "a key does not open under the master key", one.name));
    one.box = seal_key(*key, one.name, to, random);
    sodium_memzero(key->data(), key->size());
    if (auto done = update->bind_text(1, one.name).bind_blob(2, one.box).run(); !done) return done;
  }
  return {};
}

Expected<std::size_t> rotate(const DataFolder& folder, sqlite::Database& keys, const SealKey& from, const SealKey& to,
                             Random& random) {
  const auto mark = master_key_mark(folder.next_master_key());
  if (!mark) return tl::unexpected(mark.error());
  auto boxes = all_boxes(keys);
  if (!boxes) return tl::unexpected(boxes.error());
  if (auto begun = keys.execute("BEGIN IMMEDIATE"); !begun) return tl::unexpected(begun.error());
  auto done = seal_anew(keys, *boxes, from, to, random);
  if (done) done = note(keys, *mark);
  if (done) done = keys.execute("COMMIT");
  if (!done) {
    keys.roll_back();
    return tl::unexpected(done.error());
  }
  return boxes->size();
}

}  // namespace

Expected<void> agree_on_master_key(const DataFolder& folder, sqlite::Database& keys) {
  const auto mark = master_key_mark(folder.master_key());
  if (!mark) return tl::unexpected(mark.error());
  const auto said = noted(keys);
  if (!said) return tl::unexpected(said.error());
  if (said->empty()) return note(keys, *mark);
  if (*said == *mark) return {};
  return fail("seal.other-master-key",
              {"master.key 不是封存 keys.db 的那一把：请从同一份备份取回两者，不要混用不同的备份或节点的文件",
               "Expected the master key that keys.db stands under, but master.key is another one: take both from the "
               "same backup, and never mix the files of two backups or two nodes"},
              folder.master_key().string());
}

Expected<void> check_master_key(const DataFolder& folder) {
  std::error_code error;
  if (!fs::exists(folder.keys(), error)) return {};
  auto keys = sqlite::Database::open(folder.keys(), sqlite::OpenMode::read_write);
  if (!keys) return tl::unexpected(keys.error());
  const auto tables = keys->query_integer("SELECT count(*) FROM sqlite_master WHERE name = 'master'");
  if (!tables) return tl::unexpected(tables.error());
  if (*tables == 0) return {};  // of a node that was never started since there is rotation
  const auto said = noted(*keys);
  if (!said) return tl::unexpected(said.error());
  const auto mark = master_key_mark(folder.master_key());
  if (!mark) return tl::unexpected(mark.error());
  if (*said == *mark) return {};
  return fail(
      "store.rotating",
      {"主密钥正在更换，请稍后再试", "Expected keys under their master key, but it is being replaced: try again"},
      folder.path.string());
}

Expected<void> settle_rotation(const DataFolder& folder, sqlite::Database& keys) {
  std::error_code error;
  if (!fs::exists(folder.next_master_key(), error)) return {};
  const auto said = noted(keys);
  if (!said) return tl::unexpected(said.error());
  const auto next = master_key_mark(folder.next_master_key());
  const bool committed = next && *next == *said;
  if (committed) return move_file(folder.next_master_key(), folder.master_key());
  fs::remove(folder.next_master_key(), error);
  return {};
}

Expected<std::size_t> rotate_master_key(const DataFolder& folder, const Passphrases& passphrases, Random& random) {
  std::error_code error;
  if (!fs::exists(folder.keys(), error)) {
    return fail("store.missing",
                {"这里没有节点的密钥库", "Expected a node's data folder, but there is no keys.db in it"},
                folder.path.string());
  }
  const auto lock = FolderLock::take(folder);
  if (!lock) return tl::unexpected(lock.error());
  // Opening makes the tables of an older file, ends what a crash interrupted, and proves the present passphrase.
  if (const auto opened = SqliteKeyStore::open(folder, passphrases.present, random); !opened)
    return tl::unexpected(opened.error());
  auto from = open_master_key(folder.master_key(), passphrases.present, random);
  if (!from) return tl::unexpected(from.error());
  auto to = open_master_key(folder.next_master_key(), passphrases.next, random);
  if (!to) return tl::unexpected(to.error());
  auto keys = sqlite::Database::open(folder.keys(), sqlite::OpenMode::read_write);
  if (!keys) return tl::unexpected(keys.error());
  if (auto set = keys->execute(kKeyStoreSettings); !set) return tl::unexpected(set.error());
  auto count = rotate(folder, *keys, *from, *to, random);
  sodium_memzero(from->data(), from->size());
  sodium_memzero(to->data(), to->size());
  if (auto settled = settle_rotation(folder, *keys); !settled) return tl::unexpected(settled.error());
  return count;
}

}  // namespace tingan
