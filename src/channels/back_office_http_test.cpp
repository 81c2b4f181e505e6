#include "channels/back_office_http.h"

#include "channels/support/testing.h"

namespace tingan::channels {
namespace {

using namespace testing;

OrderTemplate plain(const std::string& text) { return {{text, {}}}; }
TemplatePiece of(const std::string& field) { return {{}, field}; }

class HttpBackOfficeTest : public ::testing::Test {
 protected:
  HttpBackOfficeTest() {
    http_.base_url = receiver_.url("");
    http_.key_header = "Idempotency-Key";
    http_.timeout = Duration{2000};
    http_.enter.method = "POST";
    http_.enter.path = {{"/entries/", {}}, of("unit")};
    http_.enter.headers = {{"Content-Type", plain("application/json")}};
    http_.enter.body = {{R"({"name": ")", {}},   of("name"),        {R"(", "fen": )", {}}, of("amount_fen"),
                        {R"(, "form": )", {}},   of("fields"),      {R"(, "for": ")", {}}, of("fields.account"),
                        {R"(", "note": ")", {}}, of("fields.none"), {R"("})", {}}};
    http_.enter.reference_at = "/ref";
    http_.enter.code_at = "/error/code";
    http_.enter.reason_at = "/error/text";
    http_.enter.answers = {{200, 299, "/ok", "true", AnswerMeans::entered},
                           {409, 409, "", "", AnswerMeans::duplicate},
                           {422, 422, "", "", AnswerMeans::rejected},
                           {202, 202, "", "", AnswerMeans::pending},
                           {503, 503, "", "", AnswerMeans::busy}};
    http_.ask = RequestTemplate{.method = "GET", .path = {{"/entries/", {}}, of("number")}};
    http_.ask->answers = {{200, 200, "", "", AnswerMeans::entered}, {404, 404, "/gone", "1", AnswerMeans::absent}};
    http_.ask->echo_at = "/no";
    http_.ask->echo_is = {of("number")};
    order_.key = "01936d5e-0000-7000-8000-000000000001";
    order_.number = "hall-a-000001";
    order_.unit = UnitId("hall-a");
    order_.business = BusinessId("bill-payment");
    order_.connector = "boss";
    order_.amount_fen = 12850;
    order_.personal = R"({"name":"张\"三\n","mobile":"13800138000","fields":{"account":"1?2&3","amount":"128.50"}})";
  }

  std::unique_ptr<BackOffice> make(const std::string& secret = "") {
    auto office = make_http_back_office({.id = "boss", .where = "c.yaml:2"}, http_, secret, clock_);
    CHECK(office);
    return std::move(*office);
  }
  EntryResult wait(void (BackOffice::*how)(const OrderToEnter&, BackOffice::Done), BackOffice& office) {
    std::promise<EntryResult> promise;
    (office.*how)(order_, [&promise](EntryResult result) { promise.set_value(std::move(result)); });
    return promise.get_future().get();
  }
  EntryResult send(int status, const std::string& body) {
    receiver_.answer_with([=](const net::Request&) { return json_answer(body, status); });
    const auto office = make();
    return wait(&BackOffice::send, *office);
  }
  EntryResult ask(int status, const std::string& body) {
    receiver_.answer_with([=](const net::Request&) { return json_answer(body, status); });
    const auto office = make();
    return wait(&BackOffice::ask, *office);
  }

  SetClock clock_;
  Receiver receiver_{[](const net::Request&) { return json_answer("{}"); }};
  HttpConnector http_;
  OrderToEnter order_;
};

TEST_F(HttpBackOfficeTest, FillsTheOrderIntoTheRequest) {
  EXPECT_EQ(send(201, R"({"ok":true,"ref":"B-7"})").reference, "B-7");
  const net::Request request = receiver_.requests().at(0);
  EXPECT_EQ(request.target_path, "/entries/hall-a");
  EXPECT_EQ(request.headers.get("Idempotency-Key"), order_.key);
  const boost::json::value body = boost::json::parse(request.body);
  EXPECT_EQ(body.at("name").as_string(), "张\"三\n") << "no value ends its own quotes";
  EXPECT_EQ(body.at("fen").as_int64(), 12850);
  EXPECT_EQ(body.at("form").at("amount").as_string(), "128.50");
  EXPECT_EQ(body.at("for").as_string(), "1?2&3");
  EXPECT_EQ(body.at("note").as_string(), "");
}

TEST_F(HttpBackOfficeTest, ValuesCannotLeaveTheirPlaceInPathFormOrXml) {
  http_.enter.path = {{"/entries/", {}}, of("fields.account")};
  http_.enter.headers = {{"Content-Type", plain("application/x-www-form-urlencoded")}};
  http_.enter.body = {{"name=", {}}, of("name"), {"&x=1", {}}};
  send(201, "{}");
  const net::Request form = receiver_.requests().back();
  EXPECT_EQ(form.target_path, "/entries/1?2&3");
  EXPECT_TRUE(form.query.empty());
  EXPECT_EQ(form.body, "name=%E5%BC%A0%22%E4%B8%89%0A&x=1");
  http_.enter.path = plain("/entries");
  http_.enter.headers = {{"Content-Type", plain("text/xml")}, {"X-Name", {of("name")}}};
  http_.enter.body = {{"<n>", {}}, of("name"), {"</n>", {}}};
  send(201, "{}");
  EXPECT_EQ(receiver_.requests().back().body, "<n>张&quot;三\n</n>");
  EXPECT_EQ(receiver_.requests().back().headers.get("X-Name"), "%E5%BC%A0%22%E4%B8%89%0A");
}

TEST_F(HttpBackOfficeTest, TheRulesDecideWhatAnAnswerMeans) {
  EXPECT_EQ(send(201, R"({"ok":true,"ref":7})").outcome, EntryOutcome::entered);
  EXPECT_EQ(send(201, R"({"ok":false,"ref":7})").outcome, EntryOutcome::unknown);
  EXPECT_EQ(send(409, R"({"ref":"B-7"})").outcome, EntryOutcome::duplicate);
  EXPECT_EQ(send(202, "{}").outcome, EntryOutcome::pending);
  EXPECT_EQ(send(503, "").outcome, EntryOutcome::busy);
  EXPECT_EQ(send(500, "").outcome, EntryOutcome::unknown);
  const EntryResult refused = send(422, R"({"error":{"code":"no-account","text":"没有这个号码"}})");
  EXPECT_EQ(refused.outcome, EntryOutcome::rejected);
  EXPECT_EQ(refused.code, "no-account");
  EXPECT_EQ(refused.reason, "没有这个号码");
}

TEST_F(HttpBackOfficeTest, WhatOnlyLooksLikeSuccessIsUnknown) {
  EXPECT_EQ(send(200, "<html>please sign in</html>").outcome, EntryOutcome::unknown);
  EXPECT_EQ(send(200, R"({"ok":true})").outcome, EntryOutcome::unknown) << "no reference";
  EXPECT_EQ(ask(200, R"({"no":"hall-a-000002"})").outcome, EntryOutcome::unknown) << "speaks of another order";
  EXPECT_EQ(ask(200, R"({"no":"hall-a-000001"})").outcome, EntryOutcome::entered);
  EXPECT_EQ(ask(404, "<html>not found</html>").outcome, EntryOutcome::unknown) << "a wrong path is not 'absent'";
  EXPECT_EQ(ask(404, R"({"gone":1})").outcome, EntryOutcome::absent);
}

// Whatever is wrong with our own access must not set a thousand orders aside.
TEST_F(HttpBackOfficeTest, NotLetInIsLaterNotRejected) {
  for (const int status : {401, 403, 429}) EXPECT_EQ(send(status, "").outcome, EntryOutcome::busy) << status;
  receiver_.answer_with([](const net::Request&) {
    net::Response later = json_answer("", 429);
    later.headers.emplace_back("Retry-After", "3");
    return later;
  });
  const auto office = make();
  EXPECT_EQ(wait(&BackOffice::send, *office).retry_after, Duration{3000});
}

TEST_F(HttpBackOfficeTest, NobodyThereIsCertainlyNotEntered) {
  {
    Receiver gone([](const net::Request&) { return json_answer("{}"); });
    http_.base_url = gone.url("");
  }
  const auto office = make();
  EXPECT_EQ(wait(&BackOffice::send, *office).outcome, EntryOutcome::busy);
}

TEST_F(HttpBackOfficeTest, SecretsGoWhereTheySay) {
  http_.auth = {ConnectorAuth::Kind::bearer, "", {}};
  auto office = make("token-1");
  wait(&BackOffice::send, *office);
  EXPECT_EQ(receiver_.requests().back().headers.get("Authorization"), "Bearer token-1");
  http_.auth = {ConnectorAuth::Kind::basic, "tingan", {}};
  office = make("pass");
  wait(&BackOffice::ask, *office);
  EXPECT_EQ(receiver_.requests().back().headers.get("Authorization"), "Basic dGluZ2FuOnBhc3M=");
  http_.auth = {ConnectorAuth::Kind::header, "X-Api-Key", {}};
  office = make("k");
  wait(&BackOffice::send, *office);
  EXPECT_EQ(receiver_.requests().back().headers.get("X-Api-Key"), "k");
  const auto refused = make_http_back_office({.id = "boss", .where = "c.yaml:2"}, http_, "a\r\nX-Evil: 1", clock_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "connectors.bad-secret");
  EXPECT_EQ(refused.error().message.en.find("Evil"), std::string::npos);
}

TEST_F(HttpBackOfficeTest, WhoCannotBeAskedSaysSo) {
  EXPECT_TRUE(make()->can_ask("boss"));
  http_.ask.reset();
  const auto office = make();
  EXPECT_FALSE(office->can_ask("boss"));
  EXPECT_EQ(wait(&BackOffice::ask, *office).outcome, EntryOutcome::unknown);
}

TEST_F(HttpBackOfficeTest, EverythingIsAnsweredWhenItIsDestroyed) {
  std::promise<EntryResult> promise;
  auto answer = promise.get_future();
  receiver_.answer_with([](const net::Request&) { return json_answer("{}", 500); });
  auto office = make();
  office->send(order_, [&promise](EntryResult result) { promise.set_value(std::move(result)); });
  office.reset();
  ASSERT_EQ(answer.wait_for(std::chrono::seconds(0)), std::future_status::ready);
  EXPECT_EQ(answer.get().outcome, EntryOutcome::unknown);
}

}  // namespace
}  // namespace tingan::channels
