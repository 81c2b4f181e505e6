#include "api/credentials.h"

#include <sodium.h>

#include <array>

#include "api/object_reader.h"
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

Expected<void> check_new_password(std::string_view password, std::string_view user) {
  if (count_characters(password) < 10) {
    return fail("auth.weak-password", {"密码至少 10 个字符", "Expected a password of at least 10 characters"}, "/new");
  }
  if (password == user || password == "tingan-demo") {
    return fail("auth.weak-password",
                {"密码不能和用户名相同，也不能用演示密码", "Expected a password that is not known to everybody"},
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
