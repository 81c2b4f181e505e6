// For tests only: a real mail server (Exim, package exim4-daemon-light) as a child process with a configuration, spool
// and port of its own; nothing of the system's is touched. It speaks STARTTLS with a fresh certificate, wants a login
// (tingan / mail-pass), refuses refused@, sends greylisted@ away until a file lies there, and puts mail into a maildir.
#pragma once
#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "base/check.h"

namespace tingan::channels::testing {

class MailServer {
 public:
  MailServer() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tingan-mail-XXXXXX").string();
    CHECK(::mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    for (const char* name : {"spool", "log", "mail"}) std::filesystem::create_directory(folder_ / name);
    make_certificate();
    port_ = free_port();
    write_configuration();
    start();
  }
  ~MailServer() {
    ::kill(child_, SIGTERM);
    ::waitpid(child_, nullptr, 0);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  MailServer(const MailServer&) = delete;
  MailServer& operator=(const MailServer&) = delete;

  static bool installed() { return std::filesystem::exists(kExim); }
  std::uint16_t port() const { return port_; }
  std::string ca_file() const { return (folder_ / "cert.pem").string(); }
  void end_greylisting() const { std::ofstream(folder_ / "known") << "now\n"; }

  // Waits until so many mails lie there; what there is when patience ends.
  std::vector<std::string> mails(std::size_t wanted) const {
    std::vector<std::string> found;
    for (int i = 0; i < 400; ++i) {
      found.clear();
      const std::filesystem::path fresh = folder_ / "mail" / "new";
      if (std::filesystem::exists(fresh)) {
        for (const auto& entry : std::filesystem::directory_iterator(fresh)) found.push_back(read(entry.path()));
      }
      if (found.size() >= wanted) return found;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return found;
  }

 private:
  static constexpr const char* kExim = "/usr/sbin/exim4";

  static std::string read(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }

  static std::uint16_t free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    CHECK(::bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0);
    CHECK(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    ::close(fd);
    return ntohs(address.sin_port);
  }

  void make_certificate() const {
    EVP_PKEY* const key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
    X509* const cert = X509_new();
    X509_set_version(cert, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
    X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
    X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
    X509_set_pubkey(cert, key);
    X509_NAME* const name = X509_get_subject_name(cert);
    const unsigned char common[] = "localhost";
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common, -1, -1, 0);
    X509_set_issuer_name(cert, name);
    X509_EXTENSION* const also =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
    X509_add_ext(cert, also, -1);
    X509_EXTENSION_free(also);
    X509_sign(cert, key, EVP_sha256());
    std::FILE* file = std::fopen((folder_ / "cert.pem").c_str(), "w");
    PEM_write_X509(file, cert);
    std::fclose(file);
    file = std::fopen((folder_ / "key.pem").c_str(), "w");
    PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
    X509_free(cert);
    EVP_PKEY_free(key);
  }

  // Exim will not deliver as root: there it works as its own user, elsewhere as whoever runs the test.
  std::string user() const {
    const passwd* const mail_user = ::geteuid() == 0 ? ::getpwnam("Debian-exim") : ::getpwuid(::geteuid());
    CHECK(mail_user != nullptr);
    if (::geteuid() == 0) {
      CHECK(::chown(folder_.c_str(), mail_user->pw_uid, mail_user->pw_gid) == 0);
      for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
        CHECK(::chown(entry.path().c_str(), mail_user->pw_uid, mail_user->pw_gid) == 0);
      }
    }
    return fmt::format("{}", mail_user->pw_uid) + "\nexim_group = " + fmt::format("{}", mail_user->pw_gid);
  }

  void write_configuration() const {
    const std::string at = folder_.string();
    const std::string who = user();  // before the file is there: that one must stay the starter's own
    std::ofstream(folder_ / "exim.conf")
        << "primary_hostname = localhost\n"
        << "exim_user = " << who << "\n"
        << "spool_directory = " << at << "/spool\n"
        << "log_file_path = " << at << "/log/%slog\n"
        << "pid_file_path = " << at << "/pid\n"
        << "local_interfaces = 127.0.0.1\n"
        << "daemon_smtp_ports = " << port_ << "\n"
        << "tls_advertise_hosts = *\n"
        << "tls_certificate = " << at << "/cert.pem\n"
        << "tls_privatekey = " << at << "/key.pem\n"
        << "auth_advertise_hosts = ${if def:tls_in_cipher{*}{}}\n"
        << "acl_smtp_rcpt = on_recipient\n"
        << "message_size_limit = 1M\n"
        << "keep_environment =\n"
        << "deliver_drop_privilege = true\n"
        << "host_lookup =\n"
        << "rfc1413_query_timeout = 0s\n"
        << "begin acl\non_recipient:\n"
        << "  deny !authenticated = *\n    message = authentication first\n"
        << "  deny local_parts = refused\n    message = no such user\n"
        << "  defer local_parts = greylisted\n"
        << "    condition = ${if exists{" << at << "/known}{no}{yes}}\n"
        << "    message = greylisted, come back later\n"
        << "  accept\n"
        << "begin routers\neverybody:\n  driver = accept\n  transport = into_folder\n"
        << "begin transports\ninto_folder:\n  driver = appendfile\n  maildir_format\n"
        << "  directory = " << at << "/mail\n"
        << "begin authenticators\nplain:\n  driver = plaintext\n"
        << "  public_name = PLAIN\n  server_prompts = :\n"
        << "  server_condition = ${if and{{eq{$auth2}{tingan}}{eq{$auth3}{mail-pass}}}}\n"
        << "  server_set_id = $auth2\n";
  }

  void start() {
    child_ = ::fork();
    CHECK(child_ >= 0);
    if (child_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGTERM);
      const std::string config = (folder_ / "exim.conf").string();
      ::execl(kExim, "exim4", "-C", config.c_str(), "-bdf", "-q1m", static_cast<char*>(nullptr));
      ::_exit(127);
    }
    for (int i = 0; i < 400; ++i) {
      if (answers()) return;
      CHECK(::waitpid(child_, nullptr, WNOHANG) == 0);
      std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
    CHECK(answers());
  }

  bool answers() const {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port_);
    const bool connected = ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    ::close(fd);
    return connected;
  }

  std::filesystem::path folder_;
  std::uint16_t port_ = 0;
  pid_t child_ = -1;
};

}  // namespace tingan::channels::testing
