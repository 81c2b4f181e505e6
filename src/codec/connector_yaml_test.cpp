#include "codec/connector_yaml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tingan {
namespace {

const std::string kGood = R"(connectors:
  - id: business-system
    kind: http
    base_url: https://boss.example/api/
    timeout: 5s
    auth: {basic: {user: tingan, password: {env: BOSS_PASSWORD}}}
    enter:
      path: /orders/{{ unit }}
      body: |
        {"no": "{{number}}",
         "yuan": "{{amount_yuan}}", "form": {{fields}}, "account": "{{fields.account}}"}
      reference: /data/id
      code: /code
      reason: /message
      echo: {at: /data/no, is: "{{number}}"}
      answers:
        - {status: 200-299, at: /code, is: "0", means: entered}
        - {status: 409, means: duplicate}
        - {status: 422, means: rejected}
    ask:
      path: /orders?no={{number}}
      reference: /data/id
      answers:
        - {status: 200, at: /data/found, is: "true", means: entered}
        - {status: 200, at: /data/found, is: "false", means: absent}
  - id: city
    kind: csv
    folder: /srv/city
    columns: {单号: "{{number}}", 编号: "{{key}}", 备注: "厅安 {{business}}"}
    orders: 50
    wait: 1m
    results: {key: 编号, outcome: 结果, reason: 原因, words: {成功: entered, 失败: rejected}}
)";

std::vector<std::string> mistakes(const std::string& yaml) {
  std::vector<std::string> found;
  if (const auto read = parse_connectors(yaml, "c.yaml"); !read) {
    for (const Error& error : read.error()) found.push_back(error.where + " " + error.code);
  }
  return found;
}

// One line of the good file replaced.
std::vector<std::string> mistakes_with(const std::string& old, const std::string& now) {
  std::string yaml = kGood;
  const auto at = yaml.find(old);
  EXPECT_NE(at, std::string::npos) << old;
  return mistakes(yaml.replace(at, old.size(), now));
}

using ::testing::Contains;
using ::testing::ElementsAre;

TEST(Connectors, AreReadAsTheyStand) {
  const auto read = parse_connectors(kGood, "c.yaml");
  ASSERT_TRUE(read) << to_string(read.error().front());
  ASSERT_EQ(read->size(), 2U);
  EXPECT_EQ((*read)[0].where, "c.yaml:2");
  const auto& http = std::get<HttpConnector>((*read)[0].how);
  EXPECT_EQ(http.base_url, "https://boss.example/api");
  EXPECT_EQ(http.timeout, Duration{5000});
  EXPECT_EQ(http.at_once, 16);
  EXPECT_EQ(http.key_header, "Idempotency-Key");
  EXPECT_EQ(http.auth.kind, ConnectorAuth::Kind::basic);
  EXPECT_EQ(http.auth.secret.env, "BOSS_PASSWORD");
  EXPECT_EQ(http.enter.method, "POST");
  ASSERT_EQ(http.enter.path.size(), 2U);
  EXPECT_EQ(http.enter.path[1].field, "unit");
  EXPECT_EQ(http.enter.headers.front().first, "Content-Type");
  EXPECT_EQ(http.enter.answers[0].status_to, 299);
  EXPECT_EQ(http.enter.answers[0].is, "0");
  ASSERT_TRUE(http.ask);
  EXPECT_EQ(http.ask->method, "GET");
  const auto& csv = std::get<CsvConnector>((*read)[1].how);
  EXPECT_EQ(csv.columns[0].first, "单号");
  EXPECT_EQ(csv.orders_max, 50);
  EXPECT_EQ(csv.wait, Duration{60'000});
  EXPECT_EQ(csv.outcomes[1].second, AnswerMeans::rejected);
}

TEST(Connectors, MistakesAreNamedWithFileAndLine) {
  EXPECT_THAT(mistakes_with("/orders/{{ unit }}", "/orders/{{ hall }}"),
              ElementsAre("c.yaml:8 connectors.unknown-placeholder"));
  EXPECT_THAT(mistakes_with("\"{{amount_yuan}}\"", "\"{{amount}}\""),
              ElementsAre("c.yaml:11 connectors.unknown-placeholder"))
      << "the line within the block";
  EXPECT_THAT(mistakes_with("{{number}}\",\n", "{{number\",\n"), Contains("c.yaml:10 connectors.unknown-placeholder"));
  EXPECT_THAT(mistakes_with("\"{{fields.account}}\"}", "{{fields.account}}"),
              ElementsAre("c.yaml:9 connectors.malformed-body"));
  EXPECT_THAT(mistakes_with("status: 409", "status: 4x9"), ElementsAre("c.yaml:18 connectors.malformed-status"));
  EXPECT_THAT(mistakes_with("status: 409, means: duplicate", "status: 409, means: absent"),
              ElementsAre("c.yaml:18 connectors.absent-entered"));
  EXPECT_THAT(mistakes_with("status: 409, means: duplicate", "status: 409, means: duplcate"),
              ElementsAre("c.yaml:18 connectors.unknown-word"));
  EXPECT_THAT(mistakes_with("at: /data/found, is: \"false\", means: absent", "means: unknown"),
              ElementsAre("c.yaml:23 connectors.missing-answer"))
      << "without it nothing could ever be sent again";
  EXPECT_THAT(mistakes_with("?no={{number}}", "?all=1"), ElementsAre("c.yaml:21 connectors.no-key"));
  EXPECT_THAT(mistakes_with("{env: BOSS_PASSWORD}", "secret"), Contains("c.yaml:6 connectors.wrong-type"));
  EXPECT_THAT(mistakes_with("{env: BOSS_PASSWORD}", "{env: A, file: B}"),
              ElementsAre("c.yaml:6 connectors.wrong-secret"));
  EXPECT_THAT(mistakes_with("base_url: https://boss.example/api/", "base_url: boss.example"),
              ElementsAre("c.yaml:4 connectors.malformed-url"));
  EXPECT_THAT(mistakes_with("timeout: 5s", "at_once: 0"), ElementsAre("c.yaml:5 connectors.wrong-type"));
  EXPECT_THAT(mistakes_with("timeout: 5s", "timout: 5s"), ElementsAre("c.yaml:5 connectors.unknown-key"));
  EXPECT_THAT(mistakes_with("id: city", "id: business-system"), ElementsAre("c.yaml:26 connectors.duplicate-id"));
  EXPECT_THAT(mistakes_with("编号: \"{{key}}\", ", ""), ElementsAre("c.yaml:29 connectors.no-key"));
  EXPECT_THAT(mistakes_with("kind: csv", "kind: cvs"), Contains("c.yaml:27 connectors.unknown-word"));
}

TEST(Connectors, AKeyMustGoOutWithTheOrder) {
  EXPECT_THAT(mistakes_with("timeout: 5s", "idempotency_header: none"), ElementsAre("c.yaml:7 connectors.no-key"));
  std::string yaml = kGood;
  yaml.replace(yaml.find("timeout: 5s"), 11, "idempotency_header: none");
  yaml.replace(yaml.find("\"no\""), 4, "\"id\": \"{{key}}\", \"no\"");
  EXPECT_THAT(mistakes(yaml), ElementsAre());
}

}  // namespace
}  // namespace tingan
