#include "app/local_authority.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>

#include "base/file.h"

namespace tingan {
namespace {

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* value) const {
    Free(value);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freer<X509_EXTENSION_free>>;
using Memory = std::unique_ptr<BIO, Freer<BIO_free>>;

tl::unexpected<Error> failed(const char* what) {
  return fail("tls.failed", {fmt::format("证书处理失败：{}", what),
                             fmt::format("Expected to work with certificates, but this failed: {}", what)});
}

std::string taken(BIO* memory) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(memory, &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

Key make_key() { return Key(EVP_EC_gen("P-256")); }

std::string to_pem(X509* certificate) {
  const Memory out(BIO_new(BIO_s_mem()));
  return PEM_write_bio_X509(out.get(), certificate) == 1 ? taken(out.get()) : std::string();
}

std::string to_pem(EVP_PKEY* key) {
  const Memory out(BIO_new(BIO_s_mem()));
  return PEM_write_bio_PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1 ? taken(out.get())
                                                                                              : std::string();
}

// PKCS#8 under AES-256 with PBKDF2; the count is what OWASP asks for in 2023.
std::string to_locked_pem(EVP_PKEY* key, const std::string& passphrase) {
  constexpr int kRounds = 600'000;
  const std::unique_ptr<PKCS8_PRIV_KEY_INFO, Freer<PKCS8_PRIV_KEY_INFO_free>> plain(EVP_PKEY2PKCS8(key));
  if (plain == nullptr) return {};
  const std::unique_ptr<X509_SIG, Freer<X509_SIG_free>> locked(PKCS8_encrypt(
      -1, EVP_aes_256_cbc(), passphrase.data(), static_cast<int>(passphrase.size()), nullptr, 0, kRounds, plain.get()));
  const Memory out(BIO_new(BIO_s_mem()));
  return locked != nullptr && PEM_write_bio_PKCS8(out.get(), locked.get()) == 1 ? taken(out.get()) : std::string();
}

Expected<Certificate> read_pem_certificate(const std::filesystem::path& path) {
  const auto text = read_whole_file(path);
  if (!text) {
    return fail("tls.none",
                {"这个数据目录还没有证书，请先运行 tingan tls init",
                 "Expected a certificate in this data folder, but there is none: run 'tingan tls init' first"},
                path.string());
  }
  const Memory in(BIO_new_mem_buf(text->data(), static_cast<int>(text->size())));
  Certificate certificate(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
  if (!certificate) return failed(path.c_str());
  return certificate;
}

tl::unexpected<Error> locked() {
  return fail("tls.locked",
              {"颁发机构的密钥要用口令打开：给出生成时的口令（--passphrase-file）或续期码（--code）",
               "Expected the passphrase (--passphrase-file) or the renewal code (--code) that the authority's "
               "key was made with"});
}

int give_passphrase(char* into, int room, int, void* passphrase_pointer) {
  const auto& passphrase = *static_cast<const std::string*>(passphrase_pointer);
  const auto size = std::min(passphrase.size(), static_cast<std::size_t>(room));
  std::copy_n(passphrase.data(), size, into);
  return static_cast<int>(size);
}

Expected<Key> read_authority_key(const TlsFolder& folder, const AuthorityKey& kept) {
  const auto path = kept.file.empty() ? folder.authority_key() : kept.file;
  const auto text = read_whole_file(path);
  if (!text) {
    return fail("tls.none",
                {"这里没有颁发机构的密钥；如果它放在别处，请写 --authority-key 文件",
                 "Expected the authority's key here; where it is kept elsewhere, say --authority-key FILE"},
                path.string());
  }
  const Memory in(BIO_new_mem_buf(text->data(), static_cast<int>(text->size())));
  std::string passphrase = kept.passphrase;
  Key key(PEM_read_bio_PrivateKey(in.get(), nullptr, &give_passphrase, &passphrase));
  ERR_clear_error();
  if (!key) return locked();
  return key;
}

Expected<void> write_authority_key(const TlsFolder& folder, const AuthorityKey& kept, EVP_PKEY* key) {
  if (kept.file.empty() && kept.passphrase.empty()) return locked();
  const std::string pem = kept.passphrase.empty() ? to_pem(key) : to_locked_pem(key, kept.passphrase);
  if (pem.empty()) return failed("key");
  return write_private_file(kept.file.empty() ? folder.authority_key() : kept.file, pem);
}

bool add_extension(X509* certificate, X509* issuer, int what, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str()));
  return extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1;
}

// 127 random bits: never the same serial twice under one authority.
bool set_serial(X509* certificate) {
  std::array<unsigned char, 16> bytes{};
  if (RAND_bytes(bytes.data(), bytes.size()) != 1) return false;
  bytes[0] = static_cast<unsigned char>((bytes[0] & 0x7fU) | 0x40U);
  const std::unique_ptr<BIGNUM, Freer<BN_free>> number(BN_bin2bn(bytes.data(), bytes.size(), nullptr));
  return number != nullptr && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

struct Wanted {
  std::string common_name;
  Instant from{};
  Instant to{};
};

// Version, serial, times, subject and key; the issuer is itself until somebody says otherwise.
Certificate blank(const Wanted& wanted, EVP_PKEY* key) {
  Certificate certificate(X509_new());
  const auto seconds = [](Instant at) { return static_cast<time_t>(to_millis(at) / 1000); };
  X509_NAME* name = X509_get_subject_name(certificate.get());
  const auto* text = reinterpret_cast<const unsigned char*>(wanted.common_name.c_str());
  const bool good = X509_set_version(certificate.get(), X509_VERSION_3) == 1 && set_serial(certificate.get()) &&
                    ASN1_TIME_set(X509_getm_notBefore(certificate.get()), seconds(wanted.from)) != nullptr &&
                    ASN1_TIME_set(X509_getm_notAfter(certificate.get()), seconds(wanted.to)) != nullptr &&
                    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, -1, -1, 0) == 1 &&
                    X509_set_issuer_name(certificate.get(), name) == 1 && X509_set_pubkey(certificate.get(), key) == 1;
  return good ? std::move(certificate) : nullptr;
}

// Clocks of phones are a little off.
constexpr Duration kBefore = std::chrono::hours{1};

// A kind of name that is not spoken of is free, so the kind that the node does not have is shut by a name that cannot
// exist (RFC 6761) or by all addresses.
std::string constraints_for(const TlsNames& names) {
  std::string out = "critical";
  for (const std::string& name : names.names) out += ",permitted;DNS:" + name;
  if (names.names.empty()) out += ",permitted;DNS:invalid";
  for (const std::string& address : names.addresses) {
    const bool v6 = address.find(':') != std::string::npos;
    out += ",permitted;IP:" + address + (v6 ? "/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" : "/255.255.255.255");
  }
  if (names.addresses.empty()) out += ",excluded;IP:0.0.0.0/0.0.0.0,excluded;IP:0:0:0:0:0:0:0:0/0:0:0:0:0:0:0:0";
  return out;
}

Certificate make_authority_certificate(const TlsNames& names, EVP_PKEY* key, Instant now) {
  std::array<unsigned char, 3> mark{};
  if (RAND_bytes(mark.data(), mark.size()) != 1) return nullptr;
  // Two nodes' authorities must not have the same name: a phone would take one for the other.
  const std::string name = fmt::format("Ting'an local authority {:02x}{:02x}{:02x}", mark[0], mark[1], mark[2]);
  Certificate made = blank({name, now - kBefore, now + kAuthorityLife}, key);
  if (!made) return nullptr;
  X509* self = made.get();
  const bool good = add_extension(self, self, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
                    add_extension(self, self, NID_key_usage, "critical,keyCertSign,cRLSign") &&
                    add_extension(self, self, NID_name_constraints, constraints_for(names)) &&
                    add_extension(self, self, NID_ext_key_usage, "serverAuth") &&
                    add_extension(self, self, NID_subject_key_identifier, "hash") &&
                    X509_sign(self, key, EVP_sha256()) > 0;
  return good ? std::move(made) : nullptr;
}

Instant end_of(const X509* certificate) {
  std::tm broken{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &broken) != 1) return Instant{};
  return from_millis(static_cast<std::int64_t>(::timegm(&broken)) * 1000);
}

std::string alternative_names(const TlsNames& names) {
  std::string out;
  for (const std::string& name : names.names) out += (out.empty() ? "DNS:" : ",DNS:") + name;
  for (const std::string& address : names.addresses) out += (out.empty() ? "IP:" : ",IP:") + address;
  return out;
}

Certificate make_leaf(const TlsNames& names, EVP_PKEY* key, X509* authority, EVP_PKEY* authority_key, Instant now) {
  const std::string first = names.names.empty() ? names.addresses.front() : names.names.front();
  const Instant ends = std::min(now - kBefore + kLeafLife, end_of(authority));
  Certificate made = blank({first.substr(0, 64), now - kBefore, ends}, key);
  if (!made) return nullptr;
  X509* leaf = made.get();
  const bool good = X509_set_issuer_name(leaf, X509_get_subject_name(authority)) == 1 &&
                    add_extension(leaf, authority, NID_basic_constraints, "critical,CA:FALSE") &&
                    add_extension(leaf, authority, NID_key_usage, "critical,digitalSignature") &&
                    add_extension(leaf, authority, NID_ext_key_usage, "serverAuth") &&
                    add_extension(leaf, authority, NID_subject_key_identifier, "hash") &&
                    add_extension(leaf, authority, NID_authority_key_identifier, "keyid:always") &&
                    add_extension(leaf, authority, NID_subject_alt_name, alternative_names(names)) &&
                    X509_sign(leaf, authority_key, EVP_sha256()) > 0;
  return good ? std::move(made) : nullptr;
}

bool is_dns_name(const std::string& name) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  return !name.empty() && name.size() <= 253 && name.front() != '.' && name.front() != '-' && name.back() != '.' &&
         name.find("..") == std::string::npos && std::all_of(name.begin(), name.end(), letter);
}

bool is_address(const std::string& text) {
  const std::unique_ptr<ASN1_OCTET_STRING, Freer<ASN1_OCTET_STRING_free>> address(a2i_IPADDRESS(text.c_str()));
  return address != nullptr;
}

Expected<void> check(const TlsNames& names) {
  if (names.names.empty() && names.addresses.empty()) {
    return fail("tls.no-name", {"请写明节点的名字或地址：--name 或 --address",
                                "Expected the node's name or address (--name, --address), but there is none"});
  }
  for (const std::string& name : names.names) {
    if (is_dns_name(name) && !is_address(name)) continue;
    return fail("tls.wrong-name", {fmt::format("“{}”不是主机名", name),
                                   fmt::format("Expected a host name after --name, but got '{}'", name)});
  }
  for (const std::string& address : names.addresses) {
    if (is_address(address)) continue;
    return fail("tls.wrong-name", {fmt::format("“{}”不是 IP 地址", address),
                                   fmt::format("Expected an IP address after --address, but got '{}'", address)});
  }
  return {};
}

std::string common_name_of(const X509* certificate) {
  std::array<char, 256> text{};
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, text.data(),
                            static_cast<int>(text.size()));
  return text.data();
}

AuthorityInfo describe(X509* certificate) {
  AuthorityInfo info{.pem = to_pem(certificate), .title = common_name_of(certificate), .ends = end_of(certificate)};
  const Memory der(BIO_new(BIO_s_mem()));
  if (i2d_X509_bio(der.get(), certificate) == 1) info.der = taken(der.get());
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  X509_digest(certificate, EVP_sha256(), digest.data(), &size);
  for (unsigned i = 0; i < size; ++i) info.fingerprint += fmt::format("{}{:02X}", i == 0 ? "" : ":", digest[i]);
  return info;
}

std::string text_of_address(const ASN1_OCTET_STRING* address) {
  const unsigned char* bytes = ASN1_STRING_get0_data(address);
  std::string out;
  if (ASN1_STRING_length(address) == 4) {
    for (int i = 0; i < 4; ++i) out += fmt::format("{}{}", i == 0 ? "" : ".", bytes[i]);
  } else {
    for (int i = 0; i + 1 < ASN1_STRING_length(address); i += 2) {
      out += fmt::format("{}{:x}", i == 0 ? "" : ":", bytes[i] * 256 + bytes[i + 1]);
    }
  }
  return out;
}

TlsNames names_of(X509* certificate) {
  TlsNames names;
  const std::unique_ptr<GENERAL_NAMES, Freer<GENERAL_NAMES_free>> all(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; all != nullptr && i < sk_GENERAL_NAME_num(all.get()); ++i) {
    const GENERAL_NAME* one = sk_GENERAL_NAME_value(all.get(), i);
    if (one->type == GEN_DNS) {
      const auto* text = reinterpret_cast<const char*>(ASN1_STRING_get0_data(one->d.dNSName));
      names.names.emplace_back(text, static_cast<std::size_t>(ASN1_STRING_length(one->d.dNSName)));
    } else if (one->type == GEN_IPADD) {
      names.addresses.push_back(text_of_address(one->d.iPAddress));
    }
  }
  return names;
}

// Asked of a certificate that is made for it: OpenSSL judges as phones do.
Expected<void> may_vouch(X509* authority, const TlsNames& names) {
  const std::unique_ptr<NAME_CONSTRAINTS, Freer<NAME_CONSTRAINTS_free>> allowed(
      static_cast<NAME_CONSTRAINTS*>(X509_get_ext_d2i(authority, NID_name_constraints, nullptr, nullptr)));
  if (allowed == nullptr) return {};
  const Certificate probe(X509_new());
  if (!probe || !add_extension(probe.get(), authority, NID_subject_alt_name, alternative_names(names))) {
    return failed("certificate");
  }
  X509_check_purpose(probe.get(), -1, 0);  // reads the extensions; the check sees no names before
  if (NAME_CONSTRAINTS_check(probe.get(), allowed.get()) == X509_V_OK) return {};
  return fail(
      "tls.wrong-name",
      {"这个颁发机构只能担保它生成时的名字和地址；要换名字，请把 tls 目录移走后重新运行 tingan tls init",
       "Expected names that this authority was made for; for others move the tls folder away and run 'tingan tls "
       "init' again"});
}

// Key first: a certificate without its key would stop the node.
Expected<LeafInfo> issue(const TlsFolder& folder, const TlsNames& names, X509* authority, EVP_PKEY* authority_key,
                         Instant now) {
  const Key key = make_key();
  if (!key) return failed("key");
  const Certificate leaf = make_leaf(names, key.get(), authority, authority_key, now);
  if (!leaf) return failed("certificate");
  if (auto done = write_private_file(folder.key(), to_pem(key.get())); !done) return tl::unexpected(done.error());
  const std::string chain = to_pem(leaf.get()) + to_pem(authority);
  if (auto done = write_private_file(folder.certificate(), chain); !done) return tl::unexpected(done.error());
  return LeafInfo{names, end_of(leaf.get())};
}

}  // namespace

Expected<AuthorityInfo> make_authority(const TlsFolder& folder, const TlsNames& names, const AuthorityKey& kept,
                                       Instant now) {
  if (auto good = check(names); !good) return tl::unexpected(good.error());
  if (kept.file.empty() && kept.passphrase.empty()) return locked();
  std::error_code error;
  if (std::filesystem::exists(folder.authority_certificate(), error)) {
    return fail("tls.exists",
                {"已经有证书颁发机构，手机信任的是它；只换证书请用 tingan tls renew",
                 "Expected no authority yet, but there is one that phones trust: use 'tingan tls renew'"},
                folder.authority_certificate().string());
  }
  std::filesystem::create_directories(folder.path, error);
  if (!error) std::filesystem::permissions(folder.path, std::filesystem::perms::owner_all, error);
  if (error) return fail("file.unwritable", {error.message(), error.message()}, folder.path.string());
  const Key key = make_key();
  if (!key) return failed("key");
  const Certificate authority = make_authority_certificate(names, key.get(), now);
  if (!authority) return failed("authority");
  if (auto done = write_authority_key(folder, kept, key.get()); !done) return tl::unexpected(done.error());
  if (auto leaf = issue(folder, names, authority.get(), key.get(), now); !leaf) return tl::unexpected(leaf.error());
  AuthorityInfo info = describe(authority.get());
  // Last: while it is not there, the work can be begun anew.
  if (auto done = write_private_file(folder.authority_certificate(), info.pem); !done) {
    return tl::unexpected(done.error());
  }
  return info;
}

Expected<LeafInfo> renew_certificate(const TlsFolder& folder, const TlsNames& wanted, const AuthorityKey& kept,
                                     Instant now) {
  const auto authority = read_pem_certificate(folder.authority_certificate());
  if (!authority) return tl::unexpected(authority.error());
  if (end_of(authority->get()) <= now) {
    return fail("tls.ended",
                {"颁发机构已到期：请把 tls 目录移走，重新运行 tingan tls init，手机要再装一次",
                 "Expected an authority that is still valid, but it has ended: move the tls folder away and run "
                 "'tingan tls init' again; phones install it once more"});
  }
  const auto key = read_authority_key(folder, kept);
  if (!key) return tl::unexpected(key.error());
  TlsNames names = wanted;
  if (names.names.empty() && names.addresses.empty()) {
    const auto before = read_certificate(folder);
    if (!before) return tl::unexpected(before.error());
    names = before->names;
  }
  if (auto good = check(names); !good) return tl::unexpected(good.error());
  if (auto may = may_vouch(authority->get(), names); !may) return tl::unexpected(may.error());
  return issue(folder, names, authority->get(), key->get(), now);
}

Expected<AuthorityInfo> read_authority(const TlsFolder& folder) {
  const auto certificate = read_pem_certificate(folder.authority_certificate());
  if (!certificate) return tl::unexpected(certificate.error());
  return describe(certificate->get());
}

Expected<LeafInfo> read_certificate(const TlsFolder& folder) {
  const auto certificate = read_pem_certificate(folder.certificate());
  if (!certificate) return tl::unexpected(certificate.error());
  return LeafInfo{names_of(certificate->get()), end_of(certificate->get())};
}

}  // namespace tingan
