#include "codec/connector_yaml.h"

#include <charconv>
#include <set>

#include "codec/connector_template.h"

namespace tingan {
namespace {

constexpr std::pair<const char*, AnswerMeans> kMeanings[] = {
    {"entered", AnswerMeans::entered}, {"duplicate", AnswerMeans::duplicate}, {"rejected", AnswerMeans::rejected},
    {"absent", AnswerMeans::absent},   {"busy", AnswerMeans::busy},           {"pending", AnswerMeans::pending},
    {"unknown", AnswerMeans::unknown}};
constexpr int kOrdersOfFileMax = 100'000;
constexpr int kAtOnceMax = 256;

class ConnectorReader {
 public:
  ConnectorReader(Problems& problems, std::string file, std::vector<ConnectorConfig>& out)
      : problems_(problems), file_(std::move(file)), out_(out) {}

  void read(const YamlNode& root) {
    Mapping top(problems_, root, {"连接文件", "the connectors file"});
    if (!top.valid()) return;
    top.need("connectors");
    for (const YamlNode& node : top.list("connectors")) read_connector(node);
    top.finish();
  }

 private:
  void read_connector(const YamlNode& node) {
    Mapping map(problems_, node, {"连接", "a connector"});
    ConnectorConfig config;
    config.where = fmt::format("{}:{}", file_, node.line);
    const Word id = map.word("id");
    if (!id.text.empty() && check_id(problems_, id)) config.id = id.text;
    if (!config.id.empty() && !ids_.insert(id.text).second) {
      problems_.add("duplicate-id",
                    {fmt::format("有两个连接叫“{}”", id.text),
                     fmt::format("Expected every connector once, but '{}' stands there twice", id.text)},
                    id.line);
    }
    map.need("kind");
    const std::string kind = map.choice("kind", {"http", "csv"});
    if (kind == "http") config.how = read_http(map);
    if (kind == "csv") config.how = read_csv(map);
    if (!kind.empty()) map.finish();
    out_.push_back(std::move(config));
  }

  // connector over HTTP

  HttpConnector read_http(Mapping& map) {
    HttpConnector http;
    http.base_url = map.word("base_url").text;
    if (!http.base_url.empty() && !http.base_url.starts_with("http://") && !http.base_url.starts_with("https://")) {
      problems_.add("malformed-url",
                    {"“base_url”应以 http:// 或 https:// 开头",
                     "Expected 'base_url' to begin with http:// or https://, but it does not"},
                    map.line_of("base_url"));
    }
    while (http.base_url.ends_with('/')) http.base_url.pop_back();
    if (const auto file = map.word_if("ca_file")) http.ca_file = file->text;
    if (const auto timeout = map.duration_if("timeout")) http.timeout = *timeout;
    if (http.timeout < Duration{1} || http.timeout > Duration{600'000}) {
      problems_.add("malformed-duration",
                    {"“timeout”应在十分钟以内", "Expected 'timeout' to be some time up to ten minutes, but it is not"},
                    map.line_of("timeout"));
    }
    http.at_once = map.number_if("at_once", 1, kAtOnceMax).value_or(http.at_once);
    http.auth = read_auth(map);
    const auto header = map.word_if("idempotency_header");
    http.key_header = header ? header->text : "Idempotency-Key";
    if (http.key_header == "none") http.key_header.clear();
    if (const YamlNode* node = map.need("enter")) http.enter = read_request(*node, false);
    if (const YamlNode* node = map.find("ask")) http.ask = read_request(*node, true);
    if (http.key_header.empty() && !names_key(http.enter)) {
      problems_.add("no-key",
                    {"录入请求里没有订单自己的编号（{{key}}），对方无法识别重复",
                     "Expected the request to carry '{{key}}', but without it the other side cannot tell doubles"},
                    map.line_of("enter"));
    }
    return http;
  }

  static bool names_key(const RequestTemplate& request) {
    const auto has = [](const OrderTemplate& text) {
      return std::any_of(text.begin(), text.end(),
                         [](const TemplatePiece& piece) { return piece.field == "key" || piece.field == "id"; });
    };
    return has(request.path) || has(request.body) ||
           std::any_of(request.headers.begin(), request.headers.end(),
                       [&](const auto& one) { return has(one.second); });
  }

  ConnectorAuth read_auth(Mapping& map) {
    ConnectorAuth auth;
    const YamlNode* node = map.find("auth");
    if (node == nullptr) return auth;
    Mapping inner(problems_, *node, {"“auth”", "'auth'"});
    int ways = 0;
    if (const YamlNode* bearer = inner.find("bearer")) {
      ++ways;
      auth.kind = ConnectorAuth::Kind::bearer;
      auth.secret = read_secret(*bearer);
    }
    const auto named = [&](const char* key, const char* name, const char* secret, ConnectorAuth::Kind kind) {
      const YamlNode* way = inner.find(key);
      if (way == nullptr) return;
      ++ways;
      Mapping parts(problems_, *way, {fmt::format("“{}”", key), fmt::format("'{}'", key)});
      auth.kind = kind;
      auth.name = parts.word(name).text;
      if (const YamlNode* value = parts.need(secret)) auth.secret = read_secret(*value);
      parts.finish();
    };
    named("basic", "user", "password", ConnectorAuth::Kind::basic);
    named("header", "name", "value", ConnectorAuth::Kind::header);
    inner.finish();
    if (inner.valid() && ways != 1) {
      problems_.add("wrong-auth",
                    {"“auth”应写 bearer、basic、header 之一",
                     "Expected 'auth' to name one of bearer, basic, header, but it does not"},
                    node->line);
    }
    return auth;
  }

  SecretRef read_secret(const YamlNode& node) {
    Mapping map(problems_, node, {"密钥", "a secret"});
    const auto env = map.word_if("env");
    const auto file = map.word_if("file");
    const auto name = map.word_if("name");
    if (map.valid() && int{env.has_value()} + int{file.has_value()} + int{name.has_value()} != 1) {
      problems_.add("wrong-secret",
                    {"密钥应写 {name: 名字}、{env: 变量名} 或 {file: 路径} 之一，绝不写密钥本身",
                     "Expected a secret to name {name: ...}, {env: ...} or {file: ...}, one of them, never the secret "
                     "itself"},
                    node.line);
    }
    map.finish();
    return {env ? env->text : std::string(), file ? file->text : std::string(), name ? name->text : std::string()};
  }

  RequestTemplate read_request(const YamlNode& node, bool question) {
    Mapping map(problems_, node, question ? Text{"“ask”", "'ask'"} : Text{"“enter”", "'enter'"});
    RequestTemplate request;
    // A GET is repeated by anybody on the way, so nothing is entered by one.
    request.method = question ? map.choice("method", {"GET", "POST"}) : map.choice("method", {"POST", "PUT", "PATCH"});
    if (request.method.empty()) request.method = question ? "GET" : "POST";
    if (map.need("path") != nullptr) request.path = template_of(map, "path");
    if (request.path.empty() || !request.path.front().text.starts_with('/')) {
      problems_.add("malformed-path", {"“path”应以 / 开头", "Expected 'path' to begin with '/', but it does not"},
                    map.line_of("path"));
    }
    read_headers(map, request);
    request.body = template_of(map, "body");
    if (is_json(request) && !request.body.empty() && !gives_json(request.body)) {
      problems_.add(
          "malformed-body",
          {"“body”填好以后不是正确的 JSON（文字的占位符要写在引号里）",
           "Expected 'body' to be JSON once filled in, but it is not (placeholders of texts stand in quotes)"},
          map.line_of("body"));
    }
    request.reference_at = pointer(map, "reference");
    request.code_at = pointer(map, "code");
    request.reason_at = pointer(map, "reason");
    read_echo(map, request);
    read_answers(map, request, question);
    if (question && !names_one_order(request.path) && !names_one_order(request.body)) {
      problems_.add("no-key",
                    {"“ask”没有说问的是哪一单（{{key}} 或 {{number}}）",
                     "Expected 'ask' to name the order by '{{key}}' or '{{number}}', but it does not"},
                    map.line());
    }
    map.finish();
    return request;
  }

  void read_headers(Mapping& map, RequestTemplate& request) {
    bool typed = false;
    if (const YamlNode* headers = map.find("headers")) {
      Mapping inner(problems_, *headers, {"“headers”", "'headers'"});
      for (const auto& [key, value] : headers->pairs) {
        request.headers.emplace_back(key.text, template_of(inner, key.text));
        typed = typed || same(key.text, "content-type");
      }
    }
    if (!typed && map.find("body") != nullptr) {
      request.headers.emplace_back("Content-Type", OrderTemplate{{"application/json; charset=utf-8", {}}});
    }
  }

  static bool same(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return (x >= 'A' && x <= 'Z' ? x - 'A' + 'a' : x) == y; });
  }
  static bool is_json(const RequestTemplate& request) {
    for (const auto& [name, value] : request.headers) {
      if (!same(name, "content-type") || value.empty()) continue;
      return value.front().text.find("json") != std::string::npos;
    }
    return false;
  }

  void read_echo(Mapping& map, RequestTemplate& request) {
    const YamlNode* node = map.find("echo");
    if (node == nullptr) return;
    Mapping echo(problems_, *node, {"“echo”", "'echo'"});
    echo.need("at");
    echo.need("is");
    request.echo_at = pointer(echo, "at");
    request.echo_is = template_of(echo, "is");
    echo.finish();
  }

  void read_answers(Mapping& map, RequestTemplate& request, bool question) {
    map.need("answers");
    for (const YamlNode& node : map.list("answers")) {
      Mapping rule(problems_, node, {"回答的规则", "a rule for answers"});
      AnswerRule read;
      read_status(rule, read);
      read.at = pointer(rule, "at");
      if (const auto is = rule.word_if("is")) read.is = is->text;
      if (read.at.empty() != read.is.empty()) {
        problems_.add("half-rule",
                      {"“at”和“is”要一起写", "Expected 'at' and 'is' together, but one of them is missing"}, node.line);
      }
      rule.need("means");
      read.means = meaning(rule, "means");
      if (!question && read.means == AnswerMeans::absent) {
        problems_.add("absent-entered",
                      {"“absent”只能是 ask 的回答", "Expected 'absent' to be an answer to 'ask' only, but it is here"},
                      node.line);
      }
      rule.finish();
      request.answers.push_back(std::move(read));
    }
    need_meaning(map, request, AnswerMeans::entered, "entered");
    if (question) need_meaning(map, request, AnswerMeans::absent, "absent");
  }

  void need_meaning(Mapping& map, const RequestTemplate& request, AnswerMeans means, const char* name) {
    const bool there = std::any_of(request.answers.begin(), request.answers.end(),
                                   [&](const AnswerRule& rule) { return rule.means == means; });
    if (there) return;
    problems_.add("missing-answer",
                  {fmt::format("{}没有写哪种回答表示 {}", map.what().zh, name),
                   fmt::format("Expected {} to say which answer means '{}', but none does", map.what().en, name)},
                  map.line_of("answers"));
  }

  // "201" or "200-299".
  void read_status(Mapping& rule, AnswerRule& read) {
    const Word word = rule.word("status");
    const auto number = [](std::string_view text) {
      int value = 0;
      const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), value);
      return bad == std::errc{} && end == text.data() + text.size() ? value : 0;
    };
    const auto dash = word.text.find('-');
    read.status_from = number(std::string_view(word.text).substr(0, dash));
    read.status_to =
        dash == std::string::npos ? read.status_from : number(std::string_view(word.text).substr(dash + 1));
    const bool good = read.status_from >= 100 && read.status_from <= read.status_to && read.status_to <= 599;
    if (word.text.empty() || good) return;
    problems_.add("malformed-status",
                  {fmt::format("状态码“{}”应写成 201 或 200-299", word.text),
                   fmt::format("Expected a status like 201 or 200-299, but got '{}'", word.text)},
                  word.line);
  }

  // batch files

  CsvConnector read_csv(Mapping& map) {
    CsvConnector csv;
    csv.folder = map.word("folder").text;
    const YamlNode* columns = map.need("columns");
    if (columns != nullptr) {
      Mapping inner(problems_, *columns, {"“columns”", "'columns'"});
      for (const auto& [title, value] : columns->pairs) {
        csv.columns.emplace_back(title.text, template_of(inner, title.text));
      }
    }
    csv.orders_max = map.number_if("orders", 1, kOrdersOfFileMax).value_or(csv.orders_max);
    if (const auto wait = map.duration_if("wait")) csv.wait = *wait;
    if (const YamlNode* node = map.need("results")) read_results(*node, csv);
    const bool named = std::any_of(csv.columns.begin(), csv.columns.end(), [&](const auto& column) {
      const OrderTemplate& text = column.second;
      return text.size() == 1 &&
             (csv.by_number ? text[0].field == "number" : text[0].field == "key" || text[0].field == "id");
    });
    if (columns != nullptr && !named) {
      const char* const wanted = csv.by_number ? "{{number}}" : "{{key}}";
      problems_.add(
          "no-key",
          {fmt::format("要有一列就是“{}”，结果文件按它对应", wanted),
           fmt::format("Expected a column that is '{}', by which results are found, but there is none", wanted)},
          columns->line);
    }
    return csv;
  }

  void read_results(const YamlNode& node, CsvConnector& csv) {
    Mapping map(problems_, node, {"“results”", "'results'"});
    csv.by_number = map.choice("by", {"key", "number"}) == "number";
    csv.key_column = map.word("key").text;
    csv.outcome_column = map.word("outcome").text;
    if (const auto column = map.word_if("reference")) csv.reference_column = column->text;
    if (const auto column = map.word_if("reason")) csv.reason_column = column->text;
    if (const YamlNode* words = map.need("words")) {
      Mapping inner(problems_, *words, {"“words”", "'words'"});
      for (const auto& [word, value] : words->pairs) csv.outcomes.emplace_back(word.text, meaning(inner, word.text));
    }
    map.finish();
  }

  // parts

  AnswerMeans meaning(Mapping& map, std::string_view key) {
    std::vector<std::string> words;
    for (const auto& [word, means] : kMeanings) words.emplace_back(word);
    const std::string written = map.choice(key, words);
    for (const auto& [word, means] : kMeanings) {
      if (written == word) return means;
    }
    return AnswerMeans::unknown;
  }

  // Absent is empty.
  OrderTemplate template_of(Mapping& map, std::string_view key) {
    const YamlNode* node = map.find(key);
    if (node == nullptr) return {};
    if (node->kind == YamlNode::Kind::scalar) return read_template(problems_, *node);
    problems_.add("wrong-type",
                  {fmt::format("“{}”应是一段文字", key), fmt::format("Expected '{}' to be a text, but it is not", key)},
                  node->line);
    return {};
  }

  std::string pointer(Mapping& map, std::string_view key) {
    const auto word = map.word_if(key);
    if (!word) return {};
    if (!word->text.starts_with('/')) {
      problems_.add("malformed-pointer",
                    {fmt::format("“{}”应写成 /data/reference 的样子", key),
                     fmt::format("Expected '{}' like /data/reference, but got '{}'", key, word->text)},
                    word->line);
    }
    return word->text;
  }

  Problems& problems_;
  std::string file_;
  std::vector<ConnectorConfig>& out_;
  std::set<std::string> ids_;
};

}  // namespace

tl::expected<std::vector<ConnectorConfig>, std::vector<Error>> parse_connectors(std::string_view yaml,
                                                                                const std::string& file) {
  Problems problems("connectors", file);
  YamlNode root;
  std::vector<ConnectorConfig> connectors;
  if (read_yaml_tree(yaml, problems, root)) ConnectorReader(problems, file, connectors).read(root);
  if (!problems.empty()) return tl::unexpected(problems.take());
  return connectors;
}

}  // namespace tingan
