#include "store/sqlite/key_store.h"

#include <sodium.h>

#include "store/sqlite/key_box.h"
#include "store/sqlite/key_rotation.h"
#include "store/sqlite/master_key.h"
#include "store/sqlite/schema.h"

namespace tingan {
namespace {

// Some 20 MB of plain keys at most; beyond that the cache begins anew.
constexpr std::size_t kCacheMax = 100000;
// Files up to this size get SQLite's own page check at the start; larger ones must not delay it.
constexpr std::int64_t kCheckedPagesMax = 16384;

}  // namespace

Expected<std::unique_ptr<SqliteKeyStore>> SqliteKeyStore::open(const DataFolder& folder,
                                                               const std::optional<std::string>& passphrase,
                                                               Random& random) {
  std::error_code ignored;
  if (std::filesystem::exists(folder.keys(), ignored) && !std::filesystem::exists(folder.master_key(), ignored)) {
    return fail(
        "seal.master-key-missing",
        {"有密钥库而无主密钥：请从备份取回 master.key，否则已封存的内容无法打开",
         "Expected master.key beside keys.db, but it is gone: take it from a backup, nothing else opens what is "
         "sealed"},
        folder.master_key().string());
  }
  std::unique_ptr<SqliteKeyStore> store(new SqliteKeyStore(random));
  // A first start makes the master key before there are keys: keys without it are refused above.
  const bool first = !std::filesystem::exists(folder.keys(), ignored);
  Expected<SealKey> master;
  if (first) master = open_master_key(folder.master_key(), passphrase, random);
  if (!master) return tl::unexpected(master.error());
  auto database = sqlite::Database::open(folder.keys(), sqlite::OpenMode::read_write);
  if (!database) return tl::unexpected(database.error());
  store->database_ = std::move(*database);
  if (auto good = store->prepare(); !good) return tl::unexpected(good.error());
  if (auto settled = settle_rotation(folder, store->database_); !settled) return tl::unexpected(settled.error());
  if (!first) master = open_master_key(folder.master_key(), passphrase, random);
  if (!master) return tl::unexpected(master.error());
  store->master_ = *master;
  sodium_memzero(master->data(), master->size());
  if (auto agreed = agree_on_master_key(folder, store->database_); !agreed) return tl::unexpected(agreed.error());
  std::filesystem::permissions(folder.keys(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
                               ignored);
  return store;
}

Expected<void> SqliteKeyStore::make_tables() {
  auto done = database_.execute(
      fmt::format("BEGIN IMMEDIATE; CREATE TABLE keys(name TEXT PRIMARY KEY, box BLOB) WITHOUT ROWID; "
                  "CREATE TABLE master(one INTEGER PRIMARY KEY, mark TEXT); "
                  "CREATE TABLE owner(one INTEGER PRIMARY KEY, node TEXT NOT NULL); "
                  "PRAGMA application_id={}; PRAGMA user_version={}; COMMIT",
                  sqlite::kApplicationId, sqlite::kFormatVersion));
  if (!done) database_.roll_back();
  return done;
}

Expected<void> SqliteKeyStore::prepare() {
  auto good = database_.execute(kKeyStoreSettings);
  if (!good) return good;
  const auto tables = database_.query_integer("SELECT count(*) FROM sqlite_schema");
  if (!tables) return tl::unexpected(tables.error());
  good = *tables == 0 ? make_tables() : sqlite::check_format(database_);
  if (!good) return good;
  const auto pages = database_.query_integer("PRAGMA page_count");
  if (!pages) return tl::unexpected(pages.error());
  if (*pages <= kCheckedPagesMax) good = sqlite::check_pages(database_);
  if (!good) return good;
  const std::pair<sqlite::Statement*, const char*> statements[] = {
      {&find_, "SELECT box FROM keys WHERE name = ?1"},
      {&insert_, "INSERT INTO keys(name, box) VALUES(?1, ?2)"},
      {&destroy_, "INSERT INTO keys(name, box) VALUES(?1, NULL) ON CONFLICT(name) DO UPDATE SET box = NULL"}};
  for (const auto& [statement, sql] : statements) {
    auto prepared = database_.prepare(sql);
    if (!prepared) return tl::unexpected(prepared.error());
    *statement = std::move(*prepared);
  }
  return {};
}

SqliteKeyStore::~SqliteKeyStore() {
  for (auto& [name, key] : cache_) sodium_memzero(key.data(), key.size());
  sodium_memzero(master_.data(), master_.size());
}

std::optional<SealKey> SqliteKeyStore::cached(const std::string& name) {
  const std::lock_guard lock(quick_mutex_);
  const auto found = cache_.find(name);
  return found == cache_.end() ? std::nullopt : std::optional(found->second);
}

void SqliteKeyStore::remember(const std::string& name, const SealKey& key) {
  const std::lock_guard lock(quick_mutex_);
  if (cache_.size() >= kCacheMax) cache_.clear();
  cache_.emplace(name, key);
}

Expected<SqliteKeyStore::Entry> SqliteKeyStore::find(const std::string& name) {
  if (const auto known = cached(name)) return Entry{true, known};
  const auto row = find_.bind_text(1, name).next();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return Entry{};
  Entry entry{true, std::nullopt};
  const bool destroyed = find_.is_null(0);
  if (!destroyed) entry.key = open_key(find_.bytes(0), name, master_);
  find_.reset();
  if (!destroyed && !entry.key) {
    return tl::unexpected(sqlite::damaged("密钥无法用主密钥打开", "a key does not open under the master key", name));
  }
  if (entry.key) remember(name, *entry.key);
  return entry;
}

Expected<SealKey> SqliteKeyStore::get_or_create(const std::string& name) {
  std::unique_lock quick(quick_mutex_);
  if (const auto found = cache_.find(name); found != cache_.end()) return found->second;
  if (!gathering_) gathering_ = std::make_shared<Gathering>();
  const std::shared_ptr<Gathering> mine = gathering_;
  mine->names.push_back(name);
  made_.wait(quick, [&] { return mine->done || !making_; });
  if (!mine->done) {
    making_ = true;
    gathering_.reset();  // who comes now is too late for this one
    quick.unlock();
    {
      const std::lock_guard lock(mutex_);
      make(*mine);
    }
    quick.lock();
    making_ = false;
    mine->done = true;
    made_.notify_all();
  }
  return mine->keys.at(name);
}

void SqliteKeyStore::make(Gathering& gathering) {
  std::unordered_map<std::string, SealKey> fresh;
  for (const std::string& name : gathering.names) {
    const auto entry = find(name);
    if (!entry) {
      gathering.keys.insert_or_assign(name, tl::unexpected(entry.error()));
    } else if (entry->key) {
      gathering.keys.insert_or_assign(name, *entry->key);
    } else if (entry->known) {
      gathering.keys.insert_or_assign(name, fail("seal.destroyed",
                                                 {"此密钥已销毁，其内容已永久删除",
                                                  "Expected a key, but it was destroyed: what it sealed is erased for "
                                                  "good"},
                                                 name));
    } else if (!fresh.contains(name)) {
      random_.fill(fresh[name]);
    }
  }
  const auto done = fresh.empty() ? Expected<void>() : insert_all(fresh);
  for (auto& [name, key] : fresh) {
    if (done) {
      gathering.keys.insert_or_assign(name, key);
      remember(name, key);
    } else {
      gathering.keys.insert_or_assign(name, tl::unexpected(done.error()));
    }
    sodium_memzero(key.data(), key.size());
  }
}

Expected<void> SqliteKeyStore::insert_all(const std::unordered_map<std::string, SealKey>& fresh) {
  if (auto begun = database_.execute("BEGIN IMMEDIATE"); !begun) return begun;
  Expected<void> done;
  for (const auto& [name, key] : fresh) {
    if (done) done = insert(name, key);
  }
  if (done) done = database_.execute("COMMIT");
  if (!done) {
    [[maybe_unused]] const auto back = database_.execute("ROLLBACK");
  }
  return done;
}

Expected<void> SqliteKeyStore::insert_missing(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const auto entry = find(name);
    if (!entry) return tl::unexpected(entry.error());
    if (entry->known) continue;
    SealKey key{};
    random_.fill(key);
    if (auto done = insert(name, key); !done) return done;
  }
  return {};
}

Expected<void> SqliteKeyStore::make_all(const std::vector<std::string>& names) {
  const std::lock_guard lock(mutex_);
  if (auto begun = database_.execute("BEGIN IMMEDIATE"); !begun) return begun;
  auto done = insert_missing(names);
  if (done) done = database_.execute("COMMIT");
  if (!done) {
    // Keys of this transaction may stand in the cache: what is not durable must not seal anything.
    {
      const std::lock_guard quick(quick_mutex_);
      cache_.clear();
    }
    [[maybe_unused]] const auto back = database_.execute("ROLLBACK");
  }
  return done;
}

Expected<void> SqliteKeyStore::insert(const std::string& name, const SealKey& key) {
  const std::string box = seal_key(key, name, master_, random_);
  return insert_.bind_text(1, name).bind_blob(2, box).run();
}

Expected<std::optional<SealKey>> SqliteKeyStore::get(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto entry = find(name);
  if (!entry) return tl::unexpected(entry.error());
  return entry->key;
}

Expected<bool> SqliteKeyStore::knows(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto row = find_.bind_text(1, name).next();
  if (!row) return tl::unexpected(row.error());
  if (*row) find_.reset();
  return *row;
}

Expected<void> SqliteKeyStore::belong_to(const std::string& public_key) {
  const std::lock_guard lock(mutex_);
  auto owner = database_.prepare("SELECT node FROM owner WHERE one = 1");
  if (!owner) return tl::unexpected(owner.error());
  const auto row = owner->next();
  if (!row) return tl::unexpected(row.error());
  if (!*row) {
    auto note = database_.prepare("INSERT INTO owner(one, node) VALUES(1, ?1)");
    if (!note) return tl::unexpected(note.error());
    return note->bind_text(1, public_key).run();
  }
  if (owner->bytes(0) == public_key) return {};
  return fail("seal.other-node",
              {"keys.db 是另一个节点的密钥库，与 node.key 不符：请从本节点的同一份备份取回",
               "Expected the keys of this node, but keys.db belongs to another node than node.key: take both from the "
               "same backup of this node"},
              sqlite3_db_filename(database_.handle(), "main"));
}

Expected<void> SqliteKeyStore::destroy(const std::string& name) {
  const std::lock_guard lock(mutex_);
  if (auto done = destroy_.bind_text(1, name).run(); !done) return done;
  const std::lock_guard quick(quick_mutex_);
  if (const auto found = cache_.find(name); found != cache_.end()) {
    sodium_memzero(found->second.data(), found->second.size());
    cache_.erase(found);
  }
  return {};
}

}  // namespace tingan
