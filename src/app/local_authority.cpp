#include "app/local_authority.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

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

Expected<Key> read_pem_key(const std::filesystem::path& path) {
  const auto text = read_whole_file(path);
  if (!text) return tl::unexpected(text.error());
  const Memory in(BIO_new_mem_buf(text->data(), static_cast<int>(text->size())));
  Key key(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
  if (!key) return failed(path.c_str());
  return key;
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

Certificate make_authority_certificate(EVP_PKEY* key, Instant now) {
  std::array<unsigned char, 3> mark{};
  if (RAND_bytes(mark.data(), mark.size()) != 1) return nullptr;
  // Two nodes' authorities must not have the same name: a phone would take one for the other.
  const std::string name = fmt::format("Ting'an local authority {:02x}{:02x}{:02x}", mark[0], mark[1], mark[2]);
  Certificate made = blank({name, now - kBefore, now + kAuthorityLife}, key);
  if (!made) return nullptr;
  X509* self = made.get();
  const bool good = add_extension(self, self, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
                    add_extension(self, self, NID_key_usage, "critical,keyCertSign,cRLSign") &&
                    add_extension(self, self, NID_subject_key_identifier, "hash") &&
                    X509_sign(self, key, EVP_sha256()) > 0;
  return good ? std::move(made) : nullptr;
}

std::string alternative_names(const TlsNames& names) {
  std::string out;
  for (const std::string& name : names.names) out += (out.empty() ? "DNS:" : ",DNS:") + name;
  for (const std::string& address : names.addresses) out += (out.empty() ? "IP:" : ",IP:") + address;
  return out;
}

Certificate make_leaf(const TlsNames& names, EVP_PKEY* key, X509* authority, EVP_PKEY* authority_key, Instant now) {
  const std::string first = names.names.empty() ? names.addresses.front() : names.names.front();
  Certificate made = blank({first.substr(0, 64), now - kBefore, now - kBefore + kLeafLife}, key);
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

Instant end_of(const X509* certificate) {
  std::tm broken{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &broken) != 1) return Instant{};
  return from_millis(static_cast<std::int64_t>(::timegm(&broken)) * 1000);
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

Expected<AuthorityInfo> make_authority(const TlsFolder& folder, const TlsNames& names, Instant now) {
  if (auto good = check(names); !good) return tl::unexpected(good.error());
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
  const Certificate authority = make_authority_certificate(key.get(), now);
  if (!authority) return failed("authority");
  if (auto done = write_private_file(folder.authority_key(), to_pem(key.get())); !done) {
    return tl::unexpected(done.error());
  }
  if (auto leaf = issue(folder, names, authority.get(), key.get(), now); !leaf) return tl::unexpected(leaf.error());
  AuthorityInfo info = describe(authority.get());
  // Last: while it is not there, the work can be begun anew.
  if (auto done = write_private_file(folder.authority_certificate(), info.pem); !done) {
    return tl::unexpected(done.error());
  }
  return info;
}

Expected<LeafInfo> renew_certificate(const TlsFolder& folder, const TlsNames& wanted, Instant now) {
  const auto authority = read_pem_certificate(folder.authority_certificate());
  if (!authority) return tl::unexpected(authority.error());
  const auto key = read_pem_key(folder.authority_key());
  if (!key) return tl::unexpected(key.error());
  TlsNames names = wanted;
  if (names.names.empty() && names.addresses.empty()) {
    const auto before = read_certificate(folder);
    if (!before) return tl::unexpected(before.error());
    names = before->names;
  }
  if (auto good = check(names); !good) return tl::unexpected(good.error());
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
