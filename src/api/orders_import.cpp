// Orders filled in from paper, as a table: good rows are taken, each bad one is answered with its column and reason.
// The order's id comes from hall and number, so the same file again makes nothing twice.
#include <set>

#include "api/acceptance_support.h"
#include "api/resources.h"
#include "api/service.h"
#include "codec/csv_reader.h"
#include "codec/record_json.h"
#include "codec/xlsx_reader.h"
#include "core/acceptance/order_table.h"
#include "core/acceptance/paper_number.h"

namespace tingan::api {
namespace {

constexpr std::size_t kRowsMax = 1000;  // as many as a pack has forms
constexpr std::string_view kXlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

enum class RowState : std::uint8_t { taken, set_aside, already, refused };

const char* name_of(RowState state) {
  static constexpr const char* kNames[] = {"taken", "set-aside", "already", "refused"};
  return kNames[static_cast<std::size_t>(state)];
}

struct ImportedRow {
  std::size_t line = 0;  // in the file, the head is 1
  std::string number;    // as it stands there
  OrderId order;
  RowState state = RowState::refused;
  std::vector<CellTrouble> troubles;
};

struct Import {
  UnitId unit;
  BusinessTypePtr type;
  IncidentPtr incident;
  HallPtr hall;
  bool keep_invalid = false;
  std::vector<ImportedRow> rows;
  std::set<std::uint32_t> seen;
  std::size_t waiting = 0;  // for the engine's answer
};
using ImportPtr = std::shared_ptr<Import>;

OrderId paper_order_id(UnitId unit, std::uint32_t number) {
  const auto digest = sha256("tingan:paper-order\n" + order_number(unit, number));
  OrderId id;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) id.bytes[i] = static_cast<std::uint8_t>(digest[i]);
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0fU) | 0x80U);  // RFC 9562, version 8
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3fU) | 0x80U);
  return id;
}

Expected<TextTable> table_of(const net::Request& request) {
  std::string_view type = request.headers.get("Content-Type");
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  if (net::equals_ignoring_case(type, "text/csv")) return read_csv(request.body);
  if (net::equals_ignoring_case(type, kXlsxType)) return read_xlsx(request.body);
  return fail("table.not-acceptable",
              {"请上传 CSV 或 XLSX 文件", "Expected text/csv or an XLSX file, but the content type is another"},
              "Content-Type");
}

CellTrouble in_column(const char* column, const char* code, Text message) {
  return {column, {code, std::move(message), column}};
}

// What makes the number unusable for a paper order of this business; nullopt: it is fine.
std::optional<CellTrouble> number_trouble(const Import& import, std::optional<std::uint32_t> number,
                                          const AcceptanceView& view) {
  if (!number) {
    return in_column("form_number", "number.malformed",
                     {"单号不对：照单子右上角的号码填，如 000123",
                      "Expected the number at the form's upper right corner, such as 000123"});
  }
  const auto& blocks = import.hall->blocks;
  const auto block = std::find_if(blocks.begin(), blocks.end(), [&](const NumberBlock& one) {
    return one.pack != 0 && one.first <= *number && *number <= one.last;
  });
  if (block == blocks.end()) {
    return in_column("form_number", "number.not-granted",
                     {fmt::format("号码 {} 不在本厅打印过的空白单里", *number),
                      fmt::format("Expected a number of a pack that this hall printed, but {} is in none", *number)});
  }
  if (!block->business.empty() && block->business != import.type->id) {
    return in_column("form_number", "order.other-business",
                     {fmt::format("号码 {} 是另一种业务的空白单", *number),
                      fmt::format("Expected a form of this business, but {} was printed for another", *number)});
  }
  const OrderId holder = view.holder_of(import.unit, *number);
  if (!holder.none() && holder != paper_order_id(import.unit, *number)) {
    return in_column("form_number", "number.used",
                     {fmt::format("号码 {} 已经录过", *number),
                      fmt::format("Expected an unused number, but {} has an order already", *number)});
  }
  if (import.seen.contains(*number)) {
    return in_column("form_number", "number.twice",
                     {fmt::format("号码 {} 在文件里出现了两次", *number),
                      fmt::format("Expected each number once, but {} stands in the file twice", *number)});
  }
  return std::nullopt;
}

// What is wrong inside, by column; one complaint a column is enough.
void add_field_troubles(const Import& import, const OrderRow& row, const Call& call, Instant now,
                        std::vector<CellTrouble>& troubles) {
  const bool callback = !import.type->pre_acceptable;
  for (Error& error : check_filled(*import.type, row.filled, call.zone(), now)) {
    if (callback && error.where != "name" && error.where != "mobile") continue;
    const std::string column = column_of(error);
    const bool named =
        std::any_of(troubles.begin(), troubles.end(), [&](const auto& known) { return known.column == column; });
    if (!named) troubles.push_back({column, std::move(error)});
  }
}

TakeOrder taking_of(const Import& import, const OrderRow& row, std::uint32_t number,
                    const std::vector<CellTrouble>& troubles) {
  const bool callback = !import.type->pre_acceptable;
  TakeOrder command{.business = import.type, .kind = callback ? OrderKind::callback : OrderKind::order};
  command.number = number;
  for (const NumberBlock& block : import.hall->blocks) {
    if (block.pack != 0 && block.first <= number && number <= block.last) command.pack = block.pack;
  }
  if (import.incident != nullptr) {
    command.incident = import.incident->id;
    command.drill = import.incident->drill;
  }
  command.handed_over = true;
  command.taken_at = row.taken_at;
  command.amount_fen = callback ? 0 : amount_of(*import.type, row.filled);
  command.promise = row.promise;
  command.promise_due = row.promise_due;
  for (const CellTrouble& trouble : troubles) command.doubts.push_back(trouble.error.code + ":" + trouble.column);
  return command;
}

struct Ready {
  std::size_t row = 0;
  Submission submission;
};

// Judges one row; what can be taken is sealed and made ready.
Expected<void> prepare_row(Service& service, const Call& call, Import& import, const OrderTableReader& reader,
                           const std::vector<std::string>& cells, std::vector<Ready>& ready) {
  const OrderRow row = reader.read(cells, call.zone());
  ImportedRow& out = import.rows.back();
  out.number = row.number;
  const AcceptanceView& view = service.ports.view.acceptance();
  const auto number = read_paper_number(import.unit, row.number);
  if (auto trouble = number_trouble(import, number, view)) {
    out.troubles.push_back(std::move(*trouble));
    return {};
  }
  import.seen.insert(*number);
  out.order = paper_order_id(import.unit, *number);
  if (view.order(out.order) != nullptr) {
    out.state = RowState::already;
    return {};
  }
  out.troubles = row.troubles;
  add_field_troubles(import, row, call, service.now(), out.troubles);
  if (!out.troubles.empty() && !import.keep_invalid) return {};
  TakeOrder command = taking_of(import, row, *number, out.troubles);
  auto sealed = seal_filled(service, out.order, import.type->id, row.filled, command.personal, command.fingerprint);
  if (!sealed) return sealed;
  auto district = service.ports.sealer.seal(order_key(out.order), row.district);
  if (!district) return tl::unexpected(district.error());
  command.district = std::move(*district);
  Submission submission{.person = call.who.person,
                        .preferred = call.who.preferred,
                        .unit = import.unit,
                        .order = out.order,
                        .command = AcceptanceCommand(OrderCommand(std::move(command)))};
  ready.push_back({import.rows.size() - 1, std::move(submission)});
  return {};
}

std::string answer_of(const Import& import) {
  std::map<RowState, std::size_t> counts;
  for (const ImportedRow& row : import.rows) ++counts[row.state];
  JsonOut out;
  out.begin_object();
  out.field("unit", import.unit.str());
  out.field("business", import.type->id.str());
  out.field("rows", import.rows.size());
  out.field("taken", counts[RowState::taken]);
  out.field("set_aside", counts[RowState::set_aside]);
  out.field("already", counts[RowState::already]);
  out.field("refused", counts[RowState::refused]);
  out.begin_array("items");
  for (const ImportedRow& row : import.rows) {
    out.begin_object();
    out.field("row", row.line);
    out.field("number", row.number);
    out.field("state", name_of(row.state));
    out.string_or_null("order", row.state == RowState::refused || row.order.none() ? "" : to_string(row.order));
    out.begin_array("problems");
    for (const CellTrouble& trouble : row.troubles) {
      out.begin_object();
      out.string_or_null("column", trouble.column);
      out.field("code", trouble.error.code);
      out.field("message", trouble.error.message);
      out.end_object();
    }
    out.end_array();
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return out.take();
}

// Engine's thread.
void settle_row(ImportedRow& row, const Outcome& outcome) {
  if (!outcome.refused) {
    row.state = outcome.order->status == OrderStatus::set_aside ? RowState::set_aside : RowState::taken;
    return;
  }
  const std::string& where = outcome.refused->where;
  row.troubles.push_back({where == "promise"  ? "promise_due"
                          : where == "number" ? "form_number"
                                              : std::string(),
                          *outcome.refused});
}

Expected<ImportPtr> wanted_of(Service& service, const Call& call) {
  const auto unit = hall_of_query(call, {"unit", "business", "incident", "keep_invalid"});
  if (!unit) return tl::unexpected(unit.error());
  if (!may_take_orders(call.who, *unit)) {
    return fail("acceptance.not-allowed",
                {"只有本厅营业员和负责人可以办理预受理单", "Expected a clerk of the hall or someone who leads it"});
  }
  auto import = std::make_shared<Import>();
  import->unit = *unit;
  const auto keep = call.request.query_value("keep_invalid").value_or("false");
  if (keep != "true" && keep != "false") {
    return fail("query.unknown-value", {"keep_invalid 应为 true 或 false", "Expected true or false"}, "keep_invalid");
  }
  import->keep_invalid = keep == "true";
  if (const auto named = call.request.query_value("business")) {
    auto type = known_business(service, *named);
    if (!type) return tl::unexpected(type.error());
    import->type = std::move(*type);
  }
  auto incident = acceptance_incident(service, *unit, call.request.query_value("incident"));
  if (!incident) return tl::unexpected(incident.error());
  import->incident = std::move(*incident);
  import->hall = service.ports.view.acceptance().hall(*unit);
  return import;
}

// What the pack of the file's first readable number was printed for.
Expected<BusinessTypePtr> printed_for(const Service& service, const Import& import, const TextTable& table) {
  const auto column =
      OrderTableReader::number_column(table.rows.empty() ? std::vector<std::string>{} : table.rows.front());
  for (std::size_t i = 1; column && i < table.rows.size(); ++i) {
    if (*column >= table.rows[i].size()) continue;
    const auto number = read_paper_number(import.unit, table.rows[i][*column]);
    for (const NumberBlock& block : import.hall->blocks) {
      const bool holds = number && block.pack != 0 && block.first <= *number && *number <= block.last;
      BusinessTypePtr type = holds ? business_of(service, block.business) : nullptr;
      if (type != nullptr) return type;
    }
  }
  return fail("business.unknown",
              {"看不出是哪种业务，请先选业务", "Expected the business to be named: the numbers do not tell it"},
              "business");
}

// On the pool: reading and sealing may take a while.
Expected<std::vector<Ready>> read_rows(Service& service, const Call& call, Import& import) {
  const auto table = table_of(call.request);
  if (!table) return tl::unexpected(table.error());
  if (import.type == nullptr) {
    auto type = printed_for(service, import, *table);
    if (!type) return tl::unexpected(type.error());
    import.type = std::move(*type);
  }
  const auto reader =
      OrderTableReader::of_head(*import.type, table->rows.empty() ? std::vector<std::string>{} : table->rows.front());
  if (!reader) return tl::unexpected(reader.error());
  if (table->rows.size() > kRowsMax + 1) {
    return fail("table.too-large", {fmt::format("一次最多导入 {} 行", kRowsMax),
                                    fmt::format("Expected at most {} rows at once, but there are more", kRowsMax)});
  }
  std::vector<Ready> ready;
  for (std::size_t i = 1; i < table->rows.size(); ++i) {
    if (OrderTableReader::is_blank(table->rows[i])) continue;
    import.rows.push_back({.line = i + 1});
    if (auto good = prepare_row(service, call, import, *reader, table->rows[i], ready); !good) {
      return tl::unexpected(good.error());
    }
  }
  return ready;
}

void run_import(Service& service, const CallPtr& call, const ImportPtr& import) {
  auto ready = read_rows(service, *call, *import);
  if (!ready) return service.refuse(*call, ready.error());
  import->waiting = ready->size();
  if (ready->empty()) return service.finish(*call, json_response(200, answer_of(*import)));
  for (Ready& one : *ready) {
    one.submission.done = [&service, call, import, row = one.row](const Outcome& outcome) {
      settle_row(import->rows[row], outcome);
      if (--import->waiting == 0) service.finish(*call, json_response(200, answer_of(*import)));
    };
    service.metrics.command();
    service.ports.submit(std::move(one.submission));
  }
}

}  // namespace

void import_orders(Service& service, const CallPtr& call) {
  const auto import = wanted_of(service, *call);
  if (!import) return service.refuse(*call, import.error());
  service.on_pool(call, [&service, call, import = *import] { run_import(service, call, import); });
}

}  // namespace tingan::api
