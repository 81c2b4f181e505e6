#include "store/sqlite/master_key.h"

#include <sodium.h>

#include <iterator>
#include <sstream>

#include "base/check.h"
#include "base/file.h"

namespace tingan {
namespace {

constexpr const char* kPlain = "tingan-master-key 1 plain";
constexpr const char* kArgon = "tingan-master-key 1 argon2id";

std::string hex(const unsigned char* bytes, std::size_t size) {
  std::string text(2 * size + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), bytes, size);
  text.pop_back();
  return text;
}

template <std::size_t N>
bool from_hex(const std::string& text, std::array<std::uint8_t, N>& out) {
  std::size_t size = 0;
  return sodium_hex2bin(out.data(), N, text.data(), text.size(), nullptr, &size, nullptr) == 0 && size == N;
}

tl::unexpected<Error> damaged_file(const std::filesystem::path& file) {
  return fail(
      "seal.master-key-damaged",
      {"主密钥文件损坏，请从备份恢复", "Expected a master key file, but it is damaged: restore it from a backup"},
      file.string());
}

tl::unexpected<Error> wrong_passphrase(const std::filesystem::path& file) {
  return fail("seal.wrong-passphrase",
              {"口令不对，或此节点的主密钥与口令设置不符",
               "Expected the passphrase of this node's master key, but it is another one, missing or not wanted"},
              file.string());
}

struct Stretch {
  unsigned long long operations = crypto_pwhash_OPSLIMIT_MODERATE;
  std::size_t memory = crypto_pwhash_MEMLIMIT_MODERATE;
  std::array<std::uint8_t, crypto_pwhash_SALTBYTES> salt{};
};

Expected<SealKey> stretch(const std::string& passphrase, const Stretch& with, const std::filesystem::path& file) {
  SealKey key{};
  if (crypto_pwhash(key.data(), key.size(), passphrase.data(), passphrase.size(), with.salt.data(), with.operations,
                    with.memory, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return fail("seal.no-memory",
                {"内存不足，无法由口令导出主密钥", "Expected memory for Argon2id, but there is not enough"},
                file.string());
  }
  return key;
}

// Tells a wrong passphrase without giving anything away of the key.
std::array<std::uint8_t, 16> check_of(const SealKey& key) {
  std::array<std::uint8_t, 16> check{};
  static constexpr unsigned char kPurpose[] = "tingan master key check";
  crypto_generichash(check.data(), check.size(), kPurpose, sizeof kPurpose - 1, key.data(), key.size());
  return check;
}

Expected<SealKey> make(const std::filesystem::path& file, const std::optional<std::string>& passphrase,
                       Random& random) {
  SealKey key{};
  std::string content;
  if (passphrase) {
    Stretch with;
    random.fill(with.salt);
    const auto stretched = stretch(*passphrase, with, file);
    if (!stretched) return stretched;
    key = *stretched;
    const auto check = check_of(key);
    content = fmt::format("{} {} {} {} {}\n", kArgon, with.operations, with.memory,
                          hex(with.salt.data(), with.salt.size()), hex(check.data(), check.size()));
  } else {
    random.fill(key);
    content = fmt::format("{} {}\n", kPlain, hex(key.data(), key.size()));
  }
  const auto written = create_private_file(file, content);
  sodium_memzero(content.data(), content.size());
  if (!written) return tl::unexpected(written.error());
  return key;
}

Expected<SealKey> read(const std::filesystem::path& file, const std::optional<std::string>& passphrase) {
  const auto content = read_whole_file(file);
  if (!content) return tl::unexpected(content.error());
  if (content->starts_with(kPlain)) {
    SealKey key{};
    std::istringstream rest(content->substr(std::string_view(kPlain).size()));
    std::string text;
    rest >> text;
    if (!from_hex(text, key)) return damaged_file(file);
    if (passphrase) return wrong_passphrase(file);
    return key;
  }
  if (!content->starts_with(kArgon)) return damaged_file(file);
  std::istringstream rest(content->substr(std::string_view(kArgon).size()));
  Stretch with;
  std::string salt;
  std::string check;
  std::array<std::uint8_t, 16> expected{};
  rest >> with.operations >> with.memory >> salt >> check;
  if (!rest || !from_hex(salt, with.salt) || !from_hex(check, expected)) return damaged_file(file);
  if (!passphrase) return wrong_passphrase(file);
  const auto key = stretch(*passphrase, with, file);
  if (key && check_of(*key) != expected) return wrong_passphrase(file);
  return key;
}

}  // namespace

Expected<std::string> master_key_mark(const std::filesystem::path& file) {
  const auto content = read_whole_file(file);
  if (!content) return tl::unexpected(content.error());
  std::istringstream words(*content);
  std::vector<std::string> all{std::istream_iterator<std::string>(words), {}};
  SealKey key{};
  const bool plain = content->starts_with(kPlain) && all.size() == 4 && from_hex(all.back(), key);
  if (plain) {
    const auto check = check_of(key);
    sodium_memzero(key.data(), key.size());
    return hex(check.data(), check.size());
  }
  if (!content->starts_with(kArgon) || all.size() != 7) return damaged_file(file);
  return all.back();
}

Expected<SealKey> open_master_key(const std::filesystem::path& file, const std::optional<std::string>& passphrase,
                                  Random& random) {
  CHECK(sodium_init() >= 0);
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored)) return read(file, passphrase);
  return make(file, passphrase, random);
}

}  // namespace tingan
