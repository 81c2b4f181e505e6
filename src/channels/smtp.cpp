#include "channels/smtp.h"

#include <curl/curl.h>
#include <netdb.h>
#include <sys/socket.h>

#include <array>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <thread>

#include "base/check.h"
#include "channels/support/config.h"
#include "channels/support/mail_message.h"
#include "channels/support/outcome.h"

namespace tingan::channels {
namespace {

constexpr std::size_t kAtOnce = 4;  // connections, each used again and again
constexpr long kConnectTimeoutMs = 10'000;
constexpr long kTimeoutMs = 60'000;  // servers that filter answer the last dot slowly
constexpr int kLongestWaitMs = 1'000;

struct SmtpSettings {
  std::string url;
  const Reach* reach = nullptr;
  std::string user;
  std::string password;
  std::string ca_file;
  bool tls = true;
  MailSettings mail;
};

struct EasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

// Without port and brackets.
std::string host_of(const std::string& url) {
  const std::size_t from = url.find("://") + 3;
  const std::string rest = url.substr(from, url.find_first_of("/?#", from) - from);
  if (rest.starts_with('[')) return rest.substr(1, rest.find(']') - 1);
  return rest.substr(0, rest.find(':'));
}

// One mail on its way. libcurl holds pointers into it: it stays where it is until it is done.
struct Mail {
  std::string to;
  std::string message;
  std::size_t read = 0;
  Sender::Done done;
  std::unique_ptr<curl_slist, ListDeleter> recipients;
  std::unique_ptr<CURL, EasyDeleter> easy;
};

std::size_t read_mail(char* into, std::size_t size, std::size_t count, void* mail_pointer) {
  Mail& mail = *static_cast<Mail*>(mail_pointer);
  const std::size_t n = std::min(size * count, mail.message.size() - mail.read);
  std::copy_n(mail.message.data() + mail.read, n, into);
  mail.read += n;
  return n;
}

// libcurl asks for a socket to each address that the host resolves to, before it connects.
curl_socket_t open_socket(void* settings_pointer, curlsocktype, curl_sockaddr* to) {
  const SmtpSettings& settings = *static_cast<const SmtpSettings*>(settings_pointer);
  std::array<char, NI_MAXHOST> address{};
  std::array<char, NI_MAXSERV> port{};
  if (getnameinfo(&to->addr, to->addrlen, address.data(), address.size(), port.data(), port.size(),
                  NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return CURL_SOCKET_BAD;
  }
  const auto number = static_cast<std::uint16_t>(std::strtoul(port.data(), nullptr, 10));
  if (!settings.reach->may_connect(host_of(settings.url), number, address.data())) return CURL_SOCKET_BAD;
  return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

SendResult refused_by_number(long number) {
  const std::string where = fmt::format("smtp {}", number);
  if (number >= 400 && number < 500) {
    SendResult result = busy(where, {});
    result.whole_channel = number == 421;  // greylisting is about one sender and one person
    return result;
  }
  if (number == 530 || number == 534 || number == 535 || number == 538)
    return refused("channel.credentials", where, {});
  if (number == 552) return refused("channel.too-large", where, {});
  return refused("channel.refused", where, {});
}

SendResult outcome(CURLcode code, long number) {
  if (code == CURLE_OK) return taken();
  if (code == CURLE_LOGIN_DENIED && number < 400) return refused("channel.credentials", "smtp auth", {});
  if (number >= 400 && number < 600) return refused_by_number(number);
  switch (code) {
    case CURLE_USE_SSL_FAILED:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return unreachable(Error{"net.tls", {}, {}});
    case CURLE_OPERATION_TIMEDOUT:
      return unreachable(Error{"net.timeout", {}, {}});
    case CURLE_COULDNT_CONNECT:
    case CURLE_COULDNT_RESOLVE_HOST:
      return unreachable(Error{"net.connect", {}, {}});
    default:
      return unreachable(Error{"net.connection-lost", {}, {}});
  }
}

class Smtp final : public Sender {
 public:
  Smtp(SmtpSettings settings, Clock& clock) : settings_(std::move(settings)), clock_(clock), multi_(curl_multi_init()) {
    CHECK(multi_ != nullptr);
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(kAtOnce));
    thread_ = std::thread([this] { loop(); });
  }

  ~Smtp() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    curl_multi_wakeup(multi_);
    thread_.join();
    curl_multi_cleanup(multi_);
  }

  bool reaches(const Recipient& to) const override { return !to.email.empty(); }

  void send(const OutgoingNotice& notice, Done done) override {
    if (!is_mail_address(notice.to.email)) return done(refused("channel.no-address", "email", {}));
    auto mail = std::make_unique<Mail>();
    mail->to = notice.to.email;
    mail->message = mail_message(notice, settings_.mail, clock_.now());
    mail->done = std::move(done);
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(mail));
    }
    curl_multi_wakeup(multi_);
  }

 private:
  void loop() {
    while (start_some()) {
      int running = 0;
      curl_multi_perform(multi_, &running);
      // What is done makes room for what waits.
      if (!finish_some()) curl_multi_poll(multi_, nullptr, 0, kLongestWaitMs, nullptr);
    }
    for (auto& mail : under_way_) {
      curl_multi_remove_handle(multi_, mail->easy.get());
      mail->done(unreachable(Error{"net.stopped", {}, {}}));
    }
    for (auto& mail : waiting_) mail->done(unreachable(Error{"net.stopped", {}, {}}));
  }

  // False: it is time to stop.
  bool start_some() {
    const std::lock_guard lock(mutex_);
    while (!stopping_ && under_way_.size() < kAtOnce && !waiting_.empty()) {
      under_way_.push_back(std::move(waiting_.front()));
      waiting_.pop_front();
      start(*under_way_.back());
    }
    return !stopping_;
  }

  void start(Mail& mail) {
    mail.easy.reset(curl_easy_init());
    CHECK(mail.easy != nullptr);
    CURL* const easy = mail.easy.get();
    mail.recipients.reset(curl_slist_append(nullptr, fmt::format("<{}>", mail.to).c_str()));
    curl_easy_setopt(easy, CURLOPT_URL, settings_.url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    // Not through a proxy that the environment names: mail goes where the organisation file says.
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_USE_SSL, static_cast<long>(settings_.tls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
    if (settings_.reach != nullptr) {
      curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
      curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, static_cast<const void*>(&settings_));
    }
    if (!settings_.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, settings_.ca_file.c_str());
    if (!settings_.user.empty()) {
      curl_easy_setopt(easy, CURLOPT_USERNAME, settings_.user.c_str());
      curl_easy_setopt(easy, CURLOPT_PASSWORD, settings_.password.c_str());
    }
    curl_easy_setopt(easy, CURLOPT_MAIL_FROM, fmt::format("<{}>", settings_.mail.from).c_str());
    curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, mail.recipients.get());
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, read_mail);
    curl_easy_setopt(easy, CURLOPT_READDATA, static_cast<void*>(&mail));
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, kConnectTimeoutMs);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, kTimeoutMs);
    curl_multi_add_handle(multi_, easy);
  }

  bool finish_some() {
    bool some = false;
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      const auto found = std::find_if(under_way_.begin(), under_way_.end(),
                                      [&](const auto& mail) { return mail->easy.get() == message->easy_handle; });
      CHECK(found != under_way_.end());
      const std::unique_ptr<Mail> mail = std::move(*found);
      under_way_.erase(found);
      long number = 0;
      curl_easy_getinfo(mail->easy.get(), CURLINFO_RESPONSE_CODE, &number);
      curl_multi_remove_handle(multi_, mail->easy.get());
      mail->done(outcome(code, number));
      some = true;
    }
    return some;
  }

  const SmtpSettings settings_;
  Clock& clock_;
  CURLM* const multi_;
  std::mutex mutex_;
  bool stopping_ = false;
  std::deque<std::unique_ptr<Mail>> waiting_;
  std::vector<std::unique_ptr<Mail>> under_way_;  // the thread's own
  std::thread thread_;
};

bool to_this_machine(const std::string& url) {
  for (const char* host : {"//127.0.0.1", "//localhost", "//[::1]"}) {
    const std::size_t at = url.find(host);
    if (at == std::string::npos) continue;
    const std::size_t after = at + std::string_view(host).size();
    if (after == url.size() || url[after] == ':' || url[after] == '/') return true;
  }
  return false;
}

Expected<void> check(const ChannelConfig& config, const SmtpSettings& settings) {
  if (!config.url.starts_with("smtp://") && !config.url.starts_with("smtps://")) {
    return bad_config(
        config, {"url 应为 smtp:// 或 smtps:// 地址", "Expected an smtp:// or smtps:// address, but the url is none"});
  }
  if (config.url.find('@') != std::string::npos) {
    return bad_config(config,
                      {"用户名和密码不能写在 url 里", "Expected no user or password in the url, but there is one"});
  }
  if (!is_mail_address(settings.mail.from)) {
    return bad_config(config, {"from 应为邮箱地址", "Expected a mail address in from, but it is none"});
  }
  const std::string tls = option(config, "tls", "required");
  if (tls != "required" && tls != "none") {
    return bad_config(config, {"tls 应为 required 或 none", "Expected tls to be required or none, but it is another"});
  }
  if (!settings.user.empty() && !settings.tls && !to_this_machine(config.url)) {
    return bad_config(config,
                      {"不加密就不能登录邮件服务器", "Expected TLS before the password goes out, but tls is none"});
  }
  return {};
}

}  // namespace

Expected<std::unique_ptr<Sender>> make_smtp(const ChannelConfig& config, const SmtpMeans& means, Clock& clock) {
  if (const auto good = check_options(config, {"from", "from_name", "user", "tls", "ca", "console"}); !good) {
    return tl::unexpected(good.error());
  }
  SmtpSettings settings{.url = config.url,
                        .reach = means.reach,
                        .user = option(config, "user", ""),
                        .password = means.password,
                        .ca_file = means.ca_file,
                        .tls = config.url.starts_with("smtps://") || option(config, "tls", "required") != "none",
                        .mail = {.from = option(config, "from", ""),
                                 .from_name = option(config, "from_name", "厅安 Ting'an"),
                                 .console = option(config, "console", "")}};
  if (const auto good = check(config, settings); !good) return tl::unexpected(good.error());
  static std::once_flag once;
  std::call_once(once, [] { CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK); });
  return std::make_unique<Smtp>(std::move(settings), clock);
}

}  // namespace tingan::channels
