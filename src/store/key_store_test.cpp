#include "store/sqlite/key_store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "base/file.h"
#include "store/memory/memory_key_store.h"
#include "store/sample_log.h"
#include "store/sqlite/key_rotation.h"
#include "store/sqlite/master_key.h"
#include "store/temporary_folder.h"

namespace tingan {
namespace {

class KeyStoreTest : public testing::Test {
 protected:
  std::unique_ptr<SqliteKeyStore> open(const std::optional<std::string>& passphrase = std::nullopt) {
    auto store = SqliteKeyStore::open(folder_, passphrase, random_);
    EXPECT_TRUE(store) << to_string(store.error());
    return std::move(*store);
  }
  // All bytes of keys.db and whatever stands beside it.
  std::string raw_files() {
    std::string all;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path)) {
      if (entry.path().filename().string().starts_with("keys.db")) all += *read_whole_file(entry.path());
    }
    return all;
  }
  std::string box_of(const std::string& name) {
    auto database = sqlite::Database::open(folder_.keys(), sqlite::OpenMode::read_only);
    auto row = database->prepare("SELECT box FROM keys WHERE name = ?1");
    EXPECT_TRUE(*row->bind_text(1, name).next());
    return std::string(row->bytes(0));
  }

  TemporaryFolder temporary_;
  DataFolder folder_{temporary_.path()};
  CountingRandom random_;
};

void behaves_as_the_port_says(KeyStore& store) {
  EXPECT_FALSE(store.get("person:li")->has_value());
  const auto key = store.get_or_create("person:li");
  ASSERT_TRUE(key);
  EXPECT_EQ(*store.get_or_create("person:li"), *key);
  EXPECT_EQ(**store.get("person:li"), *key);
  EXPECT_NE(*store.get_or_create("person:wu"), *key);
  ASSERT_TRUE(store.destroy("person:li"));
  EXPECT_FALSE(store.get("person:li")->has_value());
  EXPECT_EQ(store.get_or_create("person:li").error().code, "seal.destroyed");
  ASSERT_TRUE(store.destroy("person:never"));
  EXPECT_EQ(store.get_or_create("person:never").error().code, "seal.destroyed");
  ASSERT_TRUE(store.destroy("person:li"));
}

}  // namespace

TEST_F(KeyStoreTest, BothBehaveAsThePortSays) {
  behaves_as_the_port_says(*open());
  MemoryKeyStore memory(std::make_shared<MemoryKeys>(), random_);
  behaves_as_the_port_says(memory);
}

// Keys that are asked for at the same time share a commit; each is durable before anybody has it, and one a name.
TEST_F(KeyStoreTest, ManyAtOnceGetOneKeyAName) {
  constexpr int kThreads = 8;
  constexpr int kNames = 25;
  std::vector<std::map<std::string, SealKey>> got(kThreads);
  {
    const auto store = open();
    ASSERT_TRUE(store->get_or_create("order:gone"));
    ASSERT_TRUE(store->destroy("order:gone"));
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < kNames; ++i) {
          const std::string name = "order:" + std::to_string((i + t) % kNames);
          got[static_cast<std::size_t>(t)][name] = *store->get_or_create(name);
        }
        EXPECT_EQ(store->get_or_create("order:gone").error().code, "seal.destroyed");
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  const auto again = open();
  for (const auto& keys : got) {
    EXPECT_EQ(keys, got.front());
    for (const auto& [name, key] : keys) EXPECT_EQ(**again->get(name), key) << name;
  }
}

TEST_F(KeyStoreTest, KeysAndTombstonesSurviveAStop) {
  const SealKey key = *open()->get_or_create("incident:1");
  ASSERT_TRUE(open()->destroy("incident:2"));
  const auto store = open();
  EXPECT_EQ(**store->get("incident:1"), key);
  EXPECT_EQ(store->get_or_create("incident:2").error().code, "seal.destroyed");
}

TEST_F(KeyStoreTest, NothingOfADestroyedKeyStaysInTheFiles) {
  auto store = open();
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(store->get_or_create(fmt::format("person:{}", i)));
  for (const int i : {0, 150, 299}) {
    const std::string name = fmt::format("person:{}", i);
    const std::string box = box_of(name);
    ASSERT_NE(raw_files().find(box), std::string::npos);
    ASSERT_TRUE(store->destroy(name));
    // Every 16 bytes of it, not only the whole.
    const std::string files = raw_files();
    for (std::size_t at = 0; at + 16 <= box.size(); at += 8) {
      EXPECT_EQ(files.find(box.substr(at, 16)), std::string::npos) << name << " at " << at;
    }
  }
  EXPECT_TRUE(store->get("person:1")->has_value());
}

TEST_F(KeyStoreTest, FilesAreForTheOwnerOnlyAndHoldNoPlainKey) {
  const SealKey key = *open()->get_or_create("person:1");
  for (const auto& file : {folder_.keys(), folder_.master_key()}) {
    struct stat status {};
    ASSERT_EQ(::stat(file.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U) << file;
  }
  EXPECT_EQ(raw_files().find(std::string(key.begin(), key.end())), std::string::npos);
}

TEST_F(KeyStoreTest, ABoxMovedToAnotherNameDoesNotOpen) {
  {
    const auto store = open();
    ASSERT_TRUE(store->get_or_create("person:a"));
    ASSERT_TRUE(store->get_or_create("person:b"));
  }
  {
    auto database = sqlite::Database::open(folder_.keys(), sqlite::OpenMode::read_write);
    ASSERT_TRUE(database->execute(
        "UPDATE keys SET box = (SELECT box FROM keys WHERE name = 'person:a') WHERE name = 'person:b'"));
  }
  EXPECT_EQ(open()->get("person:b").error().code, "store.damaged");
}

TEST_F(KeyStoreTest, WithoutItsMasterKeyTheStoreRefuses) {
  ASSERT_TRUE(open()->get_or_create("person:a"));
  std::filesystem::remove(folder_.master_key());
  EXPECT_EQ(SqliteKeyStore::open(folder_, std::nullopt, random_).error().code, "seal.master-key-missing");
  std::ofstream(folder_.master_key()) << "nonsense";
  EXPECT_EQ(SqliteKeyStore::open(folder_, std::nullopt, random_).error().code, "seal.master-key-damaged");
}

TEST_F(KeyStoreTest, APassphraseOpensWhatItClosed) {
  const SealKey key = *open("correct horse")->get_or_create("person:a");
  EXPECT_EQ(**open("correct horse")->get("person:a"), key);
  EXPECT_EQ(SqliteKeyStore::open(folder_, "battery staple", random_).error().code, "seal.wrong-passphrase");
  EXPECT_EQ(SqliteKeyStore::open(folder_, std::nullopt, random_).error().code, "seal.wrong-passphrase");
}

TEST_F(KeyStoreTest, ManyThreadsMayAskForOneKey) {
  const auto store = open();
  std::vector<std::thread> threads;
  std::array<SealKey, 8> keys{};
  for (std::size_t i = 0; i < keys.size(); ++i) {
    threads.emplace_back([&, i] { keys[i] = *store->get_or_create("person:a"); });
  }
  for (auto& thread : threads) thread.join();
  for (const SealKey& key : keys) EXPECT_EQ(key, keys[0]);
}

TEST_F(KeyStoreTest, ANewMasterKeyOpensWhatTheOldOneDid) {
  const SealKey key = *open()->get_or_create("order:1");
  ASSERT_TRUE(open()->destroy("order:2"));
  const std::string box = box_of("order:1");
  const std::string old_master = *read_whole_file(folder_.master_key());
  EXPECT_EQ(rotate_master_key(folder_, {std::nullopt, "phrase one"}, random_).value(), 1U);
  EXPECT_EQ(**open("phrase one")->get("order:1"), key);
  EXPECT_EQ(rotate_master_key(folder_, {"phrase one", "phrase two"}, random_).value(), 1U);
  EXPECT_EQ(SqliteKeyStore::open(folder_, "phrase one", random_).error().code, "seal.wrong-passphrase");
  EXPECT_EQ(**open("phrase two")->get("order:1"), key);
  EXPECT_EQ(rotate_master_key(folder_, {"phrase two", std::nullopt}, random_).value(), 1U);
  EXPECT_EQ(**open()->get("order:1"), key);
  EXPECT_EQ(open()->get_or_create("order:2").error().code, "seal.destroyed");
  EXPECT_NE(*read_whole_file(folder_.master_key()), old_master);
  EXPECT_EQ(raw_files().find(box), std::string::npos);  // nothing that the old key opens is left
}

TEST_F(KeyStoreTest, ARotationThatIsRefusedChangesNothing) {
  const SealKey key = *open("right")->get_or_create("order:1");
  const std::string before = *read_whole_file(folder_.master_key());
  EXPECT_EQ(rotate_master_key(folder_, {"wrong", "new"}, random_).error().code, "seal.wrong-passphrase");
  EXPECT_EQ(rotate_master_key(folder_, {std::nullopt, "new"}, random_).error().code, "seal.wrong-passphrase");
  {
    const auto lock = FolderLock::take(folder_);
    ASSERT_TRUE(lock);
    EXPECT_EQ(rotate_master_key(folder_, {"right", "new"}, random_).error().code, "store.locked");
  }
  EXPECT_EQ(*read_whole_file(folder_.master_key()), before);
  EXPECT_FALSE(std::filesystem::exists(folder_.next_master_key()));
  EXPECT_EQ(**open("right")->get("order:1"), key);
}

TEST_F(KeyStoreTest, ACrashInARotationLeavesTheOldOrTheNewKey) {
  const SealKey key = *open()->get_or_create("order:1");
  // Before the commit: a new key file lies there, and no box stands under it.
  ASSERT_TRUE(open_master_key(folder_.next_master_key(), std::nullopt, random_));
  EXPECT_EQ(**open()->get("order:1"), key);
  EXPECT_FALSE(std::filesystem::exists(folder_.next_master_key()));
  // After the commit, before the new file took the old one's place.
  const std::string old_master = *read_whole_file(folder_.master_key());
  ASSERT_TRUE(rotate_master_key(folder_, {}, random_));
  ASSERT_TRUE(move_file(folder_.master_key(), folder_.next_master_key()));
  ASSERT_TRUE(create_private_file(folder_.master_key(), old_master));
  EXPECT_EQ(check_master_key(folder_).error().code, "store.rotating");  // no backup of this
  EXPECT_EQ(**open()->get("order:1"), key);
  EXPECT_TRUE(check_master_key(folder_));
}

}  // namespace tingan
