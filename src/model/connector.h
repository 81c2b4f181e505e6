// How orders are entered into one business system, as plain data (docs/formats/connectors.md). Read from
// connectors.yaml by the codec, carried out by channels/back_office_*.cpp.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.h"
#include "model/organisation.h"

namespace tingan {

// A text with places for what an order has. Each piece is either a text or the name of a field.
struct TemplatePiece {
  std::string text;
  std::string field;  // "number", "fields.amount"; empty: `text` as it stands
};
using OrderTemplate = std::vector<TemplatePiece>;

// What an answer of the other side says about the order.
enum class AnswerMeans : std::uint8_t {
  entered,
  duplicate,  // it had this key: the same as entered
  rejected,   // for good
  absent,     // only of a question
  busy,       // certainly not entered; later
  pending,    // it has the order and decides later: to be asked from time to time
  unknown
};

// The first rule that fits decides; none: unknown.
struct AnswerRule {
  int status_from = 0;
  int status_to = 0;  // included
  std::string at;     // JSON pointer into the body; empty: the status alone decides
  std::string is;     // the value there, as text
  AnswerMeans means = AnswerMeans::unknown;
};

struct RequestTemplate {
  std::string method;
  OrderTemplate path;  // percent-encoded when filled in
  std::vector<std::pair<std::string, OrderTemplate>> headers;
  OrderTemplate body;
  std::vector<AnswerRule> answers;
  // JSON pointers. With `reference_at` an "entered" that names no reference is none.
  std::string reference_at;
  std::string code_at;
  std::string reason_at;
  // With `echo_at` an answer that does not repeat this says nothing about the order.
  std::string echo_at;
  OrderTemplate echo_is;
};

struct ConnectorAuth {
  enum class Kind : std::uint8_t { none, bearer, basic, header };
  Kind kind = Kind::none;
  std::string name;  // basic: the user; header: the header
  SecretRef secret;
};

struct HttpConnector {
  std::string base_url;  // without a slash at the end
  std::string ca_file;
  Duration timeout{10'000};
  int at_once = 16;  // orders of one hall under way at the same time
  ConnectorAuth auth;
  std::string key_header;  // carries the order's key; empty: the template does
  RequestTemplate enter;
  std::optional<RequestTemplate> ask;  // none: an unknown outcome goes to a person
};

struct CsvConnector {
  std::string folder;
  std::vector<std::pair<std::string, OrderTemplate>> columns;
  int orders_max = 200;   // of one file
  Duration wait{30'000};  // for more, before a file is written
  // Columns of the result files.
  std::string key_column;
  bool by_number = false;  // `key_column` holds numbers, not keys
  std::string outcome_column;
  std::string reference_column;
  std::string reason_column;
  std::vector<std::pair<std::string, AnswerMeans>> outcomes;  // words of the outcome column
};

struct ConnectorConfig {
  std::string id;
  std::string where;  // "connectors.yaml:3"
  std::variant<HttpConnector, CsvConnector> how;
};

}  // namespace tingan
