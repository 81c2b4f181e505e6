// A business type of emergency acceptance as plain data: what a clerk asks, checks and promises for it (S4.1-S4.3,
// S5C.2, N2, N4). Read from forms/ by the codec; immutable once made.
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "model/ids.h"

namespace tingan {

enum class FieldKind : std::uint8_t {
  text,
  number,
  money,  // yuan with at most two decimals, as written: "128.50"
  date,   // 2026-11-24
  choice,
  mobile,       // eleven digits of the mainland
  resident_id,  // eighteen characters with check digit (GB 11643)
  passport,
  address,
  signature,  // drawn on the glass: SVG path data
  photo       // hash of a stored picture
};

struct FieldChoice {
  std::string id;
  Text title;
};

struct BusinessField {
  std::string id;
  Text title;
  FieldKind kind = FieldKind::text;
  bool required = false;
  bool masked = true;  // shown in full only to those who work on the order
  // Of the whole text: 9 a digit, A a letter, X a letter or digit, ? anything; + after one: once or more often; all
  // else stands for itself.
  std::optional<std::string> pattern;
  std::optional<std::int64_t> min;  // number: the value; money: fen; text: characters
  std::optional<std::int64_t> max;
  std::vector<FieldChoice> choices;
};

struct NeededDocument {
  std::string id;
  Text title;
  bool required = false;
};

enum class PromiseKind : std::uint8_t { done, come_again, home_visit, call_back };
BOOST_DESCRIBE_ENUM(PromiseKind, done, come_again, home_visit, call_back)

struct BusinessType {
  BusinessId id;
  Text title;
  std::vector<BusinessField> fields;  // `name` and `mobile` of the customer are asked for every type, before these
  std::vector<NeededDocument> documents;
  bool pre_acceptable = true;               // false: callback only (S4.3)
  std::optional<std::string> amount_field;  // the money field that the caps count
  std::int64_t cap_item_fen = 0;            // 0: no cap
  std::int64_t cap_total_fen = 0;           // of one hall in one incident; 0: no cap
  Duration handling{600000};                // expected, at the counter (N2)
  std::vector<Text> steps;                  // what a clerk does, in order (N4)
  int keep_days = 90;                       // personal data, after the order is settled
  std::string connector;                    // empty: entered by hand
  PromiseKind promise = PromiseKind::done;
  Duration promise_within{24 * 3600000};  // from the taking
  std::string file;
};

using BusinessTypePtr = std::shared_ptr<const BusinessType>;
// By id; the catalogue of a node.
using BusinessCatalogue = std::map<BusinessId, BusinessTypePtr>;

}  // namespace tingan
