// KeyStore in a SQLite file of its own, keys.db. Each key is sealed under the node's master key; a destroyed one leaves
// a tombstone, and nothing of its bytes in the file or its journal: secure_delete, and a rollback journal that is
// removed, never a WAL (docs/formats/log.md).
#pragma once
#include <condition_variable>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "ports/key_store.h"
#include "ports/random.h"
#include "store/sqlite/data_folder.h"
#include "store/sqlite/database.h"

namespace tingan {

// Of every connection that writes keys.db.
constexpr const char* kKeyStoreSettings =
    "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA; PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY; ";

class SqliteKeyStore final : public KeyStore {
 public:
  // `random` must outlive it. The caller holds the folder's lock. Errors: those of open_master_key,
  // `seal.master-key-missing` (there are keys, but master.key is gone), `seal.other-master-key`, `store.io`,
  // `store.full`, `store.damaged`. Writes nothing where everything is there already: a full disk can be read.
  static Expected<std::unique_ptr<SqliteKeyStore>> open(const DataFolder& folder,
                                                        const std::optional<std::string>& passphrase, Random& random);
  ~SqliteKeyStore() override;

  Expected<SealKey> get_or_create(const std::string& name) override;
  Expected<void> make_all(const std::vector<std::string>& names) override;
  Expected<std::optional<SealKey>> get(const std::string& name) override;
  Expected<void> destroy(const std::string& name) override;

  // It has this name's key, or knows that it was destroyed.
  Expected<bool> knows(const std::string& name);
  // These are the keys of the node with this public key; said once, at its first start. Error `seal.other-node`.
  Expected<void> belong_to(const std::string& public_key);

 private:
  // What a name stands for: never made, destroyed, or a key.
  struct Entry {
    bool known = false;
    std::optional<SealKey> key;
  };

  explicit SqliteKeyStore(Random& random) : random_(random) {}
  Expected<void> prepare();
  Expected<void> make_tables();
  // Those who ask for keys while another commit is under way get theirs with one more, together: a key a commit would
  // let only a few orders a second in.
  struct Gathering {
    std::vector<std::string> names;
    bool done = false;
    std::unordered_map<std::string, Expected<SealKey>> keys;
  };
  // The database's lock is held.
  Expected<Entry> find(const std::string& name);
  Expected<void> insert_missing(const std::vector<std::string>& names);
  Expected<void> insert(const std::string& name, const SealKey& key);
  void make(Gathering& gathering);
  Expected<void> insert_all(const std::unordered_map<std::string, SealKey>& fresh);

  std::optional<SealKey> cached(const std::string& name);
  void remember(const std::string& name, const SealKey& key);

  Random& random_;
  std::mutex mutex_;  // the database's
  SealKey master_{};
  sqlite::Database database_;
  sqlite::Statement find_;
  sqlite::Statement insert_;
  sqlite::Statement destroy_;
  std::mutex quick_mutex_;  // of what follows; never held while the disk works
  std::unordered_map<std::string, SealKey> cache_;
  std::shared_ptr<Gathering> gathering_;
  bool making_ = false;
  std::condition_variable made_;
};

}  // namespace tingan
