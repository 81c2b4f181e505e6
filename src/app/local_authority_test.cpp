// The node's own certificate, proven by real handshakes: whoever trusts the authority gets through, nobody else, and
// only under the names that were given.
#include "app/local_authority.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <future>

#include "app/trust_sheet.h"
#include "base/file.h"
#include "net/client.h"
#include "net/server.h"
#include "runtime/node_clock.h"
#include "store/temporary_folder.h"

namespace tingan {
namespace {

const AuthorityKey kKept{{}, "a passphrase of the hall"};

class LocalAuthority : public testing::Test {
 protected:
  static Instant now() { return NodeClock(from_millis(0)).now(); }

  std::unique_ptr<net::HttpServer> serve() {
    net::ServerOptions options;
    options.tls = net::TlsFiles{folder_.certificate().string(), folder_.key().string()};
    auto server = net::HttpServer::start(std::move(options), [](net::Request, net::Responder responder) {
      net::Response response;
      response.body = "secure";
      responder.complete(std::move(response));
    });
    EXPECT_TRUE(server) << to_string(server.error());
    return std::move(*server);
  }
  // The body, or the error's code.
  static std::string get(const net::HttpServer& server, const std::string& host, const std::filesystem::path& ca) {
    net::HttpClient client({.ca_file = ca.string()});
    std::promise<std::string> answer;
    client.send({.url = fmt::format("https://{}:{}/", host, server.port())},
                [&answer](Expected<net::ClientResponse> response) {
                  answer.set_value(response ? response->body : response.error().code);
                });
    return answer.get_future().get();
  }

  TemporaryFolder temporary_;
  TlsFolder folder_{temporary_.path() / "data" / "tls"};
};

TEST_F(LocalAuthority, WhoTrustsItGetsThroughUnderEveryNameThatWasGiven) {
  const auto made = make_authority(folder_, {{"localhost"}, {"127.0.0.1"}}, kKept, now());
  ASSERT_TRUE(made) << to_string(made.error());
  const auto server = serve();
  EXPECT_EQ(get(*server, "localhost", folder_.authority_certificate()), "secure");
  EXPECT_EQ(get(*server, "127.0.0.1", folder_.authority_certificate()), "secure");
}

TEST_F(LocalAuthority, WhoDoesNotTrustItAndAnotherNameAreTurnedAway) {
  ASSERT_TRUE(make_authority(folder_, {{"hall-a.lan"}, {"127.0.0.1"}}, kKept, now()));
  const TlsFolder other{temporary_.path() / "other"};
  ASSERT_TRUE(make_authority(other, {{"hall-a.lan"}, {"127.0.0.1"}}, kKept, now()));
  const auto server = serve();
  EXPECT_EQ(get(*server, "127.0.0.1", other.authority_certificate()), "net.tls");
  EXPECT_EQ(get(*server, "localhost", folder_.authority_certificate()), "net.tls");
}

TEST_F(LocalAuthority, ARenewedCertificateIsTrustedWithoutAnythingNewOnThePhone) {
  const Instant then = now() - std::chrono::hours{24 * 500};
  ASSERT_TRUE(make_authority(folder_, {{"localhost"}, {"127.0.0.1", "fe80::1"}}, kKept, then));
  const std::string phone_trusts = *read_whole_file(folder_.authority_certificate());
  const auto server = serve();
  EXPECT_EQ(get(*server, "localhost", folder_.authority_certificate()), "net.tls");  // out of date
  const auto renewed = renew_certificate(folder_, {}, kKept, now());
  ASSERT_TRUE(renewed) << to_string(renewed.error());
  EXPECT_EQ(renewed->names.names, std::vector<std::string>{"localhost"});
  EXPECT_EQ(renewed->names.addresses, (std::vector<std::string>{"127.0.0.1", "fe80:0:0:0:0:0:0:1"}));
  ASSERT_TRUE(server->reload_tls());
  EXPECT_EQ(get(*server, "localhost", folder_.authority_certificate()), "secure");
  EXPECT_EQ(*read_whole_file(folder_.authority_certificate()), phone_trusts);
}

TEST_F(LocalAuthority, LivesTwoYearsAndItsCertificate397Days) {
  const Instant at = now();
  const auto made = make_authority(folder_, {{"hall-a.lan"}, {}}, kKept, at);
  ASSERT_TRUE(made);
  const auto leaf = read_certificate(folder_);
  ASSERT_TRUE(leaf);
  EXPECT_LE(leaf->ends - at, kLeafLife);
  EXPECT_GE(leaf->ends - at, kLeafLife - std::chrono::hours{2});
  EXPECT_GE(made->ends - at, kAuthorityLife - std::chrono::hours{2});
  EXPECT_EQ(made->fingerprint.size(), 95U);
  EXPECT_EQ(read_authority(folder_)->fingerprint, made->fingerprint);
}

TEST_F(LocalAuthority, KeysAreTheOwnersAloneAndAnAuthorityIsNeverReplaced) {
  ASSERT_TRUE(make_authority(folder_, {{"hall-a.lan"}, {}}, kKept, now()));
  for (const auto& key : {folder_.authority_key(), folder_.key()}) {
    struct stat about {};
    ASSERT_EQ(::stat(key.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777U, 0600U);
  }
  const std::string before = *read_whole_file(folder_.authority_certificate());
  const auto again = make_authority(folder_, {{"hall-b.lan"}, {}}, kKept, now());
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, "tls.exists");
  EXPECT_EQ(*read_whole_file(folder_.authority_certificate()), before);
}

TEST_F(LocalAuthority, NamesThatAreNoneAreRefusedAndNothingIsWritten) {
  const std::vector<TlsNames> wrong = {{{}, {}},
                                       {{"hall a"}, {}},
                                       {{"10.0.0.1"}, {}},
                                       {{"x,IP:1.2.3.4"}, {}},
                                       {{}, {"hall-a.lan"}},
                                       {{}, {"10.0.0.300"}}};
  for (const TlsNames& names : wrong) {
    const auto made = make_authority(folder_, names, kKept, now());
    ASSERT_FALSE(made);
    EXPECT_TRUE(made.error().code == "tls.wrong-name" || made.error().code == "tls.no-name") << made.error().code;
  }
  EXPECT_FALSE(std::filesystem::exists(folder_.path));
  EXPECT_EQ(renew_certificate(folder_, {}, kKept, now()).error().code, "tls.none");
}

// A phone that trusts a hall's node must not have to trust whoever steals its key with the bank's name.
TEST_F(LocalAuthority, TheAuthorityVouchesForItsOwnNamesAlone) {
  ASSERT_TRUE(make_authority(folder_, {{"localhost"}, {}}, kKept, now()));
  const auto server = serve();
  EXPECT_EQ(get(*server, "localhost", folder_.authority_certificate()), "secure");
  for (const TlsNames& other : std::vector<TlsNames>{{{"bank.example"}, {}}, {{}, {"127.0.0.1"}}, {{}, {"::1"}}}) {
    const auto renewed = renew_certificate(folder_, other, kKept, now());
    ASSERT_FALSE(renewed);
    EXPECT_EQ(renewed.error().code, "tls.wrong-name");
  }
  EXPECT_TRUE(renew_certificate(folder_, {{"desk.localhost"}, {}}, kKept, now())) << "a name below is its own";
  const TlsFolder by_address{temporary_.path() / "by-address"};
  ASSERT_TRUE(make_authority(by_address, {{}, {"127.0.0.1"}}, kKept, now()));
  EXPECT_EQ(renew_certificate(by_address, {{"localhost"}, {}}, kKept, now()).error().code, "tls.wrong-name");
  EXPECT_EQ(renew_certificate(by_address, {{}, {"127.0.0.2"}}, kKept, now()).error().code, "tls.wrong-name");
  EXPECT_TRUE(renew_certificate(by_address, {}, kKept, now()));
}

TEST_F(LocalAuthority, ItsKeyIsReadByWhoHasThePassphraseOnly) {
  EXPECT_EQ(make_authority(folder_, {{"localhost"}, {}}, {}, now()).error().code, "tls.locked");
  ASSERT_TRUE(make_authority(folder_, {{"localhost"}, {}}, kKept, now()));
  EXPECT_NE(read_whole_file(folder_.authority_key())->find("ENCRYPTED"), std::string::npos);
  EXPECT_EQ(renew_certificate(folder_, {}, {}, now()).error().code, "tls.locked");
  EXPECT_EQ(renew_certificate(folder_, {}, {{}, "another"}, now()).error().code, "tls.locked");
  EXPECT_TRUE(renew_certificate(folder_, {}, kKept, now()));
}

TEST_F(LocalAuthority, ItsKeyMayBeKeptOffTheNode) {
  const AuthorityKey stick{temporary_.path() / "stick.key", {}};
  ASSERT_TRUE(make_authority(folder_, {{"localhost"}, {}}, stick, now()));
  EXPECT_FALSE(std::filesystem::exists(folder_.authority_key()));
  EXPECT_EQ(renew_certificate(folder_, {}, kKept, now()).error().code, "tls.none");
  EXPECT_TRUE(renew_certificate(folder_, {}, stick, now()));
}

TEST_F(LocalAuthority, NothingOutlivesTheAuthority) {
  const Instant then = now() - (kAuthorityLife - std::chrono::hours{24 * 30});
  const auto made = make_authority(folder_, {{"localhost"}, {}}, kKept, then);
  ASSERT_TRUE(made);
  EXPECT_EQ(renew_certificate(folder_, {}, kKept, now())->ends, made->ends);
  EXPECT_EQ(renew_certificate(folder_, {}, kKept, made->ends).error().code, "tls.ended");
}

TEST_F(LocalAuthority, TheSheetIsOnePageOfPdf) {
  const auto made = make_authority(folder_, {{"hall-a.lan"}, {}}, kKept, now());
  const auto pdf = trust_sheet({"https://hall-a.lan/trust", made->fingerprint, made->title, now()});
  ASSERT_TRUE(pdf) << to_string(pdf.error());
  EXPECT_TRUE(pdf->starts_with("%PDF-"));
}

}  // namespace
}  // namespace tingan
