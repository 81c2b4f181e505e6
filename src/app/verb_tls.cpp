// tingan tls: a certificate of the node's own, and the sheet that leads phones through trusting it.
#include <array>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "app/data_root.h"
#include "app/local_authority.h"
#include "app/system_random.h"
#include "app/trust_sheet.h"
#include "app/verbs.h"
#include "runtime/node_clock.h"

namespace tingan {
namespace {

struct Request {
  std::string data;
  TlsNames names;
  std::string pdf;
  std::string authority_key;    // a file elsewhere
  std::string passphrase_file;  // or TINGAN_PASSPHRASE
  std::string code;
  int port = 443;
};

TlsFolder folder_of(const Request& request) { return {std::filesystem::path(request.data) / "tls"}; }

Instant now() { return NodeClock(from_millis(0)).now(); }

std::string day_of(Instant at) { return format_rfc3339(at, Zone{}).substr(0, 10); }

int refuse(const Error& error) {
  std::cerr << to_string(error) << '\n';
  const bool wrong_use = error.code == "tls.exists" || error.code == "tls.none" || error.code == "tls.no-name" ||
                         error.code == "tls.wrong-name" || error.code == "tls.locked" || error.code == "tls.ended";
  return wrong_use ? 2 : 1;
}

std::string listed(const TlsNames& names) {
  std::string out;
  for (const auto& list : {names.names, names.addresses}) {
    for (const std::string& one : list) out += (out.empty() ? "" : ", ") + one;
  }
  return out;
}

Expected<AuthorityKey> kept_by(const Request& request) {
  AuthorityKey key{request.authority_key, request.code};
  if (const char* passphrase = std::getenv("TINGAN_PASSPHRASE")) key.passphrase = passphrase;
  if (!request.passphrase_file.empty()) {
    auto text = read_text_file(request.passphrase_file);
    if (!text) return tl::unexpected(text.error());
    key.passphrase = without_line_end(std::move(*text));
  }
  return key;
}

// What nobody chose a passphrase for gets one: 100 random bits, in groups that can be written down. Easily mistaken
// letters are left out.
std::string renewal_code() {
  constexpr std::string_view kLetters = "23456789abcdefghjkmnpqrstuvwxyz!";
  SystemRandom random;
  std::array<std::uint8_t, 20> bytes{};
  random.fill(bytes);
  std::string code;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i > 0 && i % 5 == 0) code += '-';
    code += kLetters[bytes[i] % 31];
  }
  return code;
}

int init(const Request& request) {
  auto key = kept_by(request);
  if (!key) return refuse(key.error());
  const bool made_up = key->file.empty() && key->passphrase.empty();
  if (made_up) key->passphrase = renewal_code();
  const auto made = make_authority(folder_of(request), request.names, *key, now());
  if (!made) return refuse(made.error());
  if (made_up) {
    fmt::print(
        "续期码（只显示这一次，请抄下收好；以后 tingan tls renew --code 要用）：{}\n"
        "Renewal code, shown this once: write it down, 'tingan tls renew --code' asks for it\n",
        key->passphrase);
  }
  fmt::print(
      "证书已生成：{}\n颁发机构指纹（SHA-256）：{}\n用 tingan serve --data {} 即以 https 提供服务；手机打开 /trust "
      "按提示安装\n"
      "Certificate made for {}; the authority's fingerprint is above. Serve with the same --data: it is https from now "
      "on\n",
      listed(request.names), made->fingerprint, request.data, listed(request.names));
  return 0;
}

int renew(const Request& request) {
  const auto key = kept_by(request);
  if (!key) return refuse(key.error());
  const auto made = renew_certificate(folder_of(request), request.names, *key, now());
  if (!made) return refuse(made.error());
  fmt::print("新证书有效至 {}：{}\nThe new certificate is valid until {}: {}\n", day_of(made->ends),
             listed(made->names), day_of(made->ends), listed(made->names));
  return 0;
}

int sheet(const Request& request) {
  const auto authority = read_authority(folder_of(request));
  if (!authority) return refuse(authority.error());
  const auto leaf = read_certificate(folder_of(request));
  if (!leaf) return refuse(leaf.error());
  const std::string& host = leaf->names.names.empty() ? leaf->names.addresses.front() : leaf->names.names.front();
  const bool v6 = host.find(':') != std::string::npos;
  std::string address = fmt::format("https://{}{}{}", v6 ? "[" : "", host, v6 ? "]" : "");
  if (request.port != 443) address += fmt::format(":{}", request.port);
  const auto pdf = trust_sheet({address + "/trust", authority->fingerprint, authority->title, now()});
  if (!pdf) return refuse(pdf.error());
  std::ofstream out(request.pdf, std::ios::binary | std::ios::trunc);
  out << *pdf;
  out.close();
  if (out) return 0;
  std::cerr << fmt::format("写不了文件 {} / Expected to write {}, but cannot\n", request.pdf, request.pdf);
  return 1;
}

void add_names(CLI::App& verb, Request& request) {
  verb.add_option("--name", request.names.names, "host name that the node is reached by; may be given several times");
  verb.add_option("--address", request.names.addresses, "IP address that the node is reached by; several are fine");
}

void add_key(CLI::App& verb, Request& request) {
  verb.add_option("--authority-key", request.authority_key,
                  "file elsewhere (a stick that is taken away) for the authority's key (default: in the data folder)");
  verb.add_option("--passphrase-file", request.passphrase_file,
                  "file with the passphrase that the authority's key is kept under (or TINGAN_PASSPHRASE)");
}

}  // namespace

void add_tls_verbs(CLI::App& app, int& exit_code) {
  CLI::App* tls = app.add_subcommand("tls", "a certificate of the node's own, so that phones have a secure origin");
  tls->require_subcommand(1);
  const auto request = std::make_shared<Request>();
  const auto with_data = [&](const char* name, const char* about) {
    CLI::App* verb = tls->add_subcommand(name, about);
    verb->add_option("--data", request->data, "data folder of the node")->required();
    return verb;
  };
  CLI::App* first = with_data("init", "makes a local authority and the node's certificate");
  add_names(*first, *request);
  add_key(*first, *request);
  first->callback([request, &exit_code] { exit_code = init(*request); });
  CLI::App* again = with_data("renew", "a fresh certificate under the same authority; SIGHUP makes a node read it");
  add_names(*again, *request);
  add_key(*again, *request);
  again->add_option("--code", request->code, "the renewal code that init showed");
  again->callback([request, &exit_code] { exit_code = renew(*request); });
  CLI::App* paper = with_data("sheet", "a page for the wall with a QR code that leads a phone to /trust");
  paper->add_option("--pdf", request->pdf, "file to write")->required();
  paper->add_option("--port", request->port, "port that the node listens on")->check(CLI::Range(1, 65535));
  paper->callback([request, &exit_code] { exit_code = sheet(*request); });
}

}  // namespace tingan
