#include "api/credentials.h"

#include <sodium.h>

#include <algorithm>
#include <array>

#include "api/object_reader.h"
#include "api/password_rules.h"
#include "base/check.h"

namespace tingan::api {

std::string hash_password(std::string_view password, HashCost cost) {
  CHECK(sodium_init() >= 0);
  const bool demo = cost == HashCost::demo;
  const auto passes = demo ? crypto_pwhash_opslimit_min() : crypto_pwhash_opslimit_interactive();
  const auto memory = demo ? crypto_pwhash_memlimit_min() : crypto_pwhash_memlimit_interactive();
  std::array<char, crypto_pwhash_STRBYTES> out{};
  CHECK(crypto_pwhash_str(out.data(), password.data(), password.size(), passes, memory) == 0);  // else: out of memory
  return out.data();
}

bool verify_password(const std::string& verifier, std::string_view password) {
  CHECK(sodium_init() >= 0);
  return verifier.size() < crypto_pwhash_STRBYTES &&
         crypto_pwhash_str_verify(verifier.c_str(), password.data(), password.size()) == 0;
}

Expected<void> check_new_password(std::string_view password, std::string_view user,
                                  const std::vector<std::string_view>& known) {
  constexpr std::size_t kBytesMax = 1000;  // a phrase, not a book to be hashed
  if (count_characters(password) < 10 || password.size() > kBytesMax) {
    return fail("auth.weak-password",
                {"密码至少 10 个字符，最多 1000 字节", "Expected a password of 10 characters to 1000 bytes"}, "/new");
  }
  std::vector<std::string_view> near = known;
  near.push_back(user);
  std::string_view rest = user;
  while (!rest.empty()) {
    const auto end = std::min(rest.find_first_of("@-_."), rest.size());
    near.push_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (guessing_length(password, near) < kGuessingLengthMin) {
    return fail(
        "auth.weak-password",
        {"这个密码太常见，别人会先试：不要用常用词、用户名、单位名、连续或重复的字符，可以用几个不相干的词",
         "Expected a password that nobody tries first: no common word, no name of yours or of the unit, no runs "
         "or repetitions; a few words that have nothing to do with one another will do"},
        "/new");
  }
  return {};
}

Expected<PasswordSet> make_password(PersonId person, std::string_view password, bool must_change, Sealer& sealer) {
  auto sealed = sealer.seal("person:" + person.str(), hash_password(password));
  if (!sealed) return tl::unexpected(sealed.error());
  return PasswordSet{person, std::move(*sealed), must_change};
}

std::string make_initial_password(Random& random) {
  // 32 signs, so that one byte picks one without bias.
  static constexpr std::string_view kSigns = "abcdefghjkmnpqrstuvwxyz23456789A";
  static_assert(kSigns.size() == 32);
  std::array<std::uint8_t, 20> bytes{};
  random.fill(bytes);
  std::string out;
  for (const std::uint8_t byte : bytes) out += kSigns[byte % kSigns.size()];
  return out;
}

}  // namespace tingan::api
