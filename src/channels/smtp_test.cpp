#include "channels/smtp.h"

#include <gtest/gtest.h>

#include <atomic>

#include "channels/support/mail_message.h"
#include "channels/support/testing.h"
#include "channels/support/testing_mail_server.h"

namespace tingan::channels {
namespace {

using namespace testing;

std::string from_base64(std::string text) {
  std::erase_if(text, [](char c) { return c == '\r' || c == '\n'; });
  std::string out(text.size(), '\0');
  std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  CHECK(size >= 0);
  out.resize(static_cast<std::size_t>(size) - padding);
  return out;
}

// The value of a header, unfolded.
std::string header(const std::string& whole, const std::string& name) {
  const std::string mail = "\n" + whole;
  const std::size_t end = mail.find("\n\n");
  std::size_t at = mail.find("\n" + name + ": ");
  if (at == std::string::npos || at > end) return {};
  at += name.size() + 3;
  std::string value;
  while (true) {
    const std::size_t stop = mail.find('\n', at);
    value += mail.substr(at, stop - at);
    if (stop + 1 >= mail.size() || (mail[stop + 1] != ' ' && mail[stop + 1] != '\t')) return value;
    at = stop + 1;
  }
}

std::string decoded(const std::string& value) {
  std::string out;
  std::size_t at = 0;
  while ((at = value.find("=?UTF-8?B?", at)) != std::string::npos) {
    const std::size_t end = value.find("?=", at);
    out += from_base64(value.substr(at + 10, end - at - 10));
    at = end;
  }
  return out;
}

std::string body(const std::string& mail) { return from_base64(mail.substr(mail.find("\n\n") + 2)); }

class SmtpTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    ASSERT_TRUE(MailServer::installed()) << "the mail tests need Debian's exim4-daemon-light";
    server_ = new MailServer;
  }
  static void TearDownTestSuite() {
    delete server_;
    server_ = nullptr;
  }

  ChannelConfig config() const {
    return {.id = ChannelId("mail"),
            .kind = "smtp",
            .url = fmt::format("smtp://localhost:{}", server_->port()),
            .options = {{"from", "alarm@tingan.example"}, {"user", "tingan"}}};
  }
  std::unique_ptr<Sender> make(const ChannelConfig& entry, const std::string& password = "mail-pass") {
    auto sender = make_smtp(entry, {password, ca_file_, &reach_}, clock_);
    CHECK(sender);
    return std::move(*sender);
  }
  static OutgoingNotice to(const std::string& address, const std::string& suffix = ".3") {
    OutgoingNotice notice = sample_notice();
    notice.id = to_string(notice.incident) + suffix;
    notice.to.email = address;
    return notice;
  }
  // The mail with this notice id, once it has been delivered.
  static std::string delivered(const std::string& id) {
    for (int i = 0; i < 400; ++i) {
      for (const std::string& mail : server_->mails(0)) {
        if (mail.find("X-Tingan-Notice: " + id) != std::string::npos) return mail;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return {};
  }

  SetClock clock_;
  std::string ca_file_ = server_->ca_file();
  const Reach reach_{{}, true};
  static MailServer* server_;
};

MailServer* SmtpTest::server_ = nullptr;

TEST_F(SmtpTest, DeliversOverStarttlsWithALogin) {
  const SendResult result = send_and_wait(*make(config()), to("wang@example.com"));
  ASSERT_TRUE(result.ok) << to_string(result.error);
  EXPECT_FALSE(result.delivered) << "a server took it; nobody has read it";
  const std::string mail = delivered("01936d5e-0000-7000-8000-000000000001.3#0");
  EXPECT_EQ(decoded(header(mail, "Subject")), "东门营业厅 火灾：立即打119 / Fire at East Gate hall: call 119 at once");
  EXPECT_EQ(header(mail, "Message-ID"), "<01936d5e-0000-7000-8000-000000000001.3.r0@tingan.example>");
  EXPECT_EQ(header(mail, "Auto-Submitted"), "auto-generated");
  EXPECT_EQ(header(mail, "Importance"), "high");
  EXPECT_EQ(header(mail, "Date"), "Fri, 15 Jan 2027 16:00:00 +0800");
  EXPECT_NE(header(mail, "To").find("<wang@example.com>"), std::string::npos);
  EXPECT_EQ(decoded(header(mail, "To")), "王静");
  EXPECT_NE(header(mail, "Received").find("esmtpsa"), std::string::npos) << "encrypted and authenticated";
  EXPECT_EQ(
      body(mail),
      "东门营业厅 火灾：立即打119\r\n1. 立即打119（10:06前）\r\n2. 带客户离开\r\n"
      "Fire at East Gate hall: call 119 at once\r\n1. Call 119 at once (by 10:06)\r\n2. Lead the customers out\r\n");
}

TEST_F(SmtpTest, ARepeatAnswersTheFirstAndADrillIsMarked) {
  OutgoingNotice notice = to("wang@example.com", ".4");
  notice.round = 1;
  notice.drill = true;
  ASSERT_TRUE(send_and_wait(*make(config()), notice).ok);
  const std::string mail = delivered(notice.id + "#1");
  EXPECT_EQ(header(mail, "In-Reply-To"), "<" + notice.id + ".r0@tingan.example>");
  EXPECT_TRUE(decoded(header(mail, "Subject")).starts_with("【演练】"));
  EXPECT_TRUE(body(mail).starts_with("【演练】"));
  EXPECT_EQ(header(mail, "X-Tingan-Drill"), "yes");
  EXPECT_EQ(header(mail, "Importance"), "");
}

TEST_F(SmtpTest, ARefusedRecipientIsFinal) {
  const SendResult result = send_and_wait(*make(config()), to("refused@example.com"));
  EXPECT_FALSE(result.ok);
  EXPECT_FALSE(result.recoverable);
  EXPECT_EQ(result.error.code, "channel.refused");
  EXPECT_EQ(result.error.where, "smtp 550");
}

TEST_F(SmtpTest, GreylistingIsTriedAgainAndHoldsNobodyElseBack) {
  const auto sender = make(config());
  const SendResult first = send_and_wait(*sender, to("greylisted@example.com", ".5"));
  EXPECT_TRUE(first.recoverable);
  EXPECT_FALSE(first.whole_channel);
  EXPECT_EQ(first.error.where, "smtp 451");
  server_->end_greylisting();
  EXPECT_TRUE(send_and_wait(*sender, to("greylisted@example.com", ".5")).ok);
  EXPECT_FALSE(delivered("01936d5e-0000-7000-8000-000000000001.5#0").empty());
}

TEST_F(SmtpTest, AWrongPasswordIsFinalAndNotRepeatedInTheError) {
  const SendResult result = send_and_wait(*make(config(), "wrong-pass"), to("wang@example.com"));
  EXPECT_FALSE(result.recoverable);
  EXPECT_EQ(result.error.code, "channel.credentials");
  EXPECT_EQ(to_string(result.error).find("wrong-pass"), std::string::npos);
}

TEST_F(SmtpTest, AnUntrustedCertificateGetsNoPassword) {
  ca_file_.clear();
  const SendResult result = send_and_wait(*make(config()), to("wang@example.com"));
  EXPECT_EQ(result.error.code, "net.tls");
  EXPECT_TRUE(result.recoverable);
}

TEST_F(SmtpTest, NobodyThereIsRecoverable) {
  ChannelConfig entry = config();
  entry.url = "smtp://127.0.0.1:1";
  const SendResult result = send_and_wait(*make(entry), to("wang@example.com"));
  EXPECT_EQ(result.error.code, "net.connect");
  EXPECT_TRUE(result.recoverable);
  EXPECT_TRUE(result.whole_channel);
}

TEST_F(SmtpTest, ManyGoOverFewConnectionsAndEachIsAnsweredOnce) {
  const auto sender = make(config());
  std::atomic<int> ok{0};
  std::atomic<int> answered{0};
  for (int i = 0; i < 40; ++i) {
    sender->send(to("crowd@example.com", ".1" + std::to_string(i)), [&](const SendResult& result) {
      ok += result.ok ? 1 : 0;
      ++answered;
    });
  }
  for (int i = 0; i < 600 && answered < 40; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_EQ(answered, 40);
  EXPECT_EQ(ok, 40);
}

TEST_F(SmtpTest, WhatIsUnfinishedIsAnsweredWhenTheSenderGoes) {
  std::atomic<int> answered{0};
  {
    const auto sender = make(config());
    for (int i = 0; i < 20; ++i) sender->send(to("crowd@example.com"), [&](const SendResult&) { ++answered; });
  }
  EXPECT_EQ(answered, 20);
}

TEST_F(SmtpTest, AnAddressCannotSmuggleCommandsOrHeaders) {
  const auto sender = make(config());
  for (const char* address :
       {"a@b.c>\r\nRCPT TO:<x@y.z", "a@b.c\r\nBcc: x@y.z", "nobody", "@x", "x@", "a b@c.d", "a@b@c"}) {
    EXPECT_EQ(send_and_wait(*sender, to(address)).error.code, "channel.no-address") << address;
  }
  OutgoingNotice notice = to("wang@example.com", ".6");
  notice.headline = {"x\r\nBcc: victim@example.com", "y\r\nBcc: victim@example.com"};
  notice.to.name = "n\r\nBcc: victim@example.com";
  const std::string mail = mail_message(notice, {.from = "a@b.c", .from_name = "", .console = ""}, clock_.now());
  EXPECT_EQ(mail.find("\nBcc"), std::string::npos);
  EXPECT_FALSE(sender->reaches({PersonId("p"), "n", "1", ""}));
}

TEST(SmtpConfig, IsChecked) {
  SetClock clock;
  ChannelConfig entry{.id = ChannelId("mail"), .kind = "smtp", .url = "smtp://mail.example:587"};
  EXPECT_EQ(make_smtp(entry, {}, clock).error().code, "channel.bad-config") << "no from";
  entry.options = {{"from", "a@b.c"}, {"user", "u"}, {"tls", "none"}};
  EXPECT_NE(make_smtp(entry, {.password = "p"}, clock).error().message.en.find("TLS"), std::string::npos);
  entry.options = {{"from", "a@b.c"}, {"tls", "perhaps"}};
  EXPECT_FALSE(make_smtp(entry, {}, clock));
  entry.options = {{"from", "a@b.c"}};
  entry.url = "smtp://user:pass@mail.example";
  const auto with_password = make_smtp(entry, {}, clock);
  ASSERT_FALSE(with_password);
  EXPECT_EQ(to_string(with_password.error()).find("pass@"), std::string::npos);
  entry.url = "http://mail.example";
  EXPECT_FALSE(make_smtp(entry, {}, clock));
}

TEST(MailHeaders, AreEncodedInWordsThatNoCharacterStraddles) {
  std::string text;
  for (int i = 0; i < 60; ++i) text += "急a";
  const std::string value = encoded_header(text);
  std::string unfolded;
  std::istringstream lines(value);
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with('\r')) line.pop_back();
    EXPECT_LE(line.size(), 76U);
    const std::string word = decoded(line);
    EXPECT_TRUE(is_utf8(word));
    unfolded += word;
  }
  EXPECT_EQ(unfolded, text);
  EXPECT_EQ(encoded_header("plain"), "plain");
  EXPECT_NE(encoded_header("=?looks encoded?="), "=?looks encoded?=");
}

}  // namespace
}  // namespace tingan::channels
