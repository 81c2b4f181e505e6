// Orders as rows of a table, filled in from paper: which columns a business type has, and what a row says. Pure.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "core/acceptance/field_check.h"
#include "model/business_type.h"

namespace tingan {

// "form_number", "customer_name", "customer_mobile", "field.<id>", "doc.<id>", "taken_at", "promise", "promise_due",
// "district".
struct OrderColumn {
  std::string key;
  Text title;
  bool required = false;
  std::vector<Text> choices;  // what may be chosen; empty: anything
};
// In the order of the form. Signatures and photos are ticked: they are on paper.
std::vector<OrderColumn> order_columns(const BusinessType& type);
// "客户姓名 (customer_name)".
std::string column_head(const OrderColumn& column);

// One thing that is wrong with one cell.
struct CellTrouble {
  std::string column;  // its key; empty: the row as a whole
  Error error;
};

struct OrderRow {
  std::string number;  // as it stands; read_paper_number reads it
  Filled filled;
  std::optional<Instant> taken_at;
  std::optional<PromiseKind> promise;
  std::optional<Instant> promise_due;
  std::string district;
  std::vector<CellTrouble> troubles;  // of cells that cannot be read; check_filled finds the rest
};

// Which column of the file holds which of ours; files keep their own order.
class OrderTableReader {
 public:
  // From the file's head: keys, "title (key)", or a title alone in either language. Errors `table.unknown-column` (with
  // what it may be), `table.missing-column`, `table.twice`; `where` is the head's cell.
  static Expected<OrderTableReader> of_head(const BusinessType& type, const std::vector<std::string>& head);

  // The column of the form's number, which no business type names otherwise; nullopt: there is none.
  static std::optional<std::size_t> number_column(const std::vector<std::string>& head);

  // Times without a zone are of `zone`.
  OrderRow read(const std::vector<std::string>& cells, Zone zone) const;
  // Nothing but spaces.
  static bool is_blank(const std::vector<std::string>& cells);

 private:
  OrderTableReader(const BusinessType& type, std::vector<OrderColumn> columns, std::vector<int> places)
      : type_(type), columns_(std::move(columns)), places_(std::move(places)) {}

  const BusinessType& type_;
  std::vector<OrderColumn> columns_;
  std::vector<int> places_;  // by our column: place in the file, -1 where it is not
};

// The column in which what check_filled found stands.
std::string column_of(const Error& error);

// "2026-11-24 10:05", "2026/11/24 10:05", "2026-11-24T10:05:00+08:00". nullopt: none of these.
std::optional<Instant> read_minute(std::string_view text, Zone zone);

}  // namespace tingan
