#include "fuzz/targets.h"

#include "api/fuzz_entry.h"
#include "base/check.h"
#include "base/encoding.h"
#include "channels/support/csv_text.h"
#include "codec/connector_yaml.h"
#include "codec/csv_reader.h"
#include "codec/csv_writer.h"
#include "codec/heads_json.h"
#include "codec/organisation_yaml.h"
#include "codec/plan_yaml.h"
#include "codec/record_json.h"
#include "codec/state_binary.h"
#include "codec/xlsx_reader.h"
#include "net/detail/parser.h"
#include "net/url.h"
#include "runtime/log_export.h"
#include "sim/scenario/fuzz_entry.h"

namespace tingan::fuzz {
namespace {

// Each refusal has a code, both languages and a place that begins with the file.
void check_errors(const std::vector<Error>& errors, std::string_view file) {
  CHECK(!errors.empty());
  for (const Error& error : errors) {
    CHECK(!error.code.empty() && !error.message.zh.empty() && !error.message.en.empty());
    CHECK(error.where.starts_with(file));
  }
}

void plan(std::string_view bytes) {
  const auto read = parse_plan(bytes, "plan.yaml");
  if (!read) check_errors(read.error(), "plan.yaml");
}

void connectors(std::string_view bytes) {
  const auto read = parse_connectors(bytes, "connectors.yaml");
  if (!read) check_errors(read.error(), "connectors.yaml");
}

// An answer in a batch folder. What can be read can be written and read again.
void result(std::string_view bytes) {
  const auto text = channels::to_utf8(bytes);
  const auto rows = text ? channels::parse_csv(*text) : std::nullopt;
  if (!rows) return;
  std::string again = "\xef\xbb\xbf";
  for (const channels::CsvRow& row : *rows) again += channels::csv_line(row);
  CHECK(channels::parse_csv(again) == rows);
}

// What is taken apart must come together again without a name getting lost.
void organisation(std::string_view bytes) {
  const auto whole = parse_organisation(bytes, "org.yaml");
  if (!whole) return check_errors(whole.error(), "org.yaml");
  const auto split = split_personal_data(bytes, "org.yaml");
  CHECK(split.has_value());
  const auto bare = parse_organisation(split->yaml, "org.yaml");
  CHECK(bare.has_value());
  CHECK((*bare)->people.size() == (*whole)->people.size());
  Organisation restored = **bare;
  CHECK(restore_details(restored, split->details).has_value());
  for (std::size_t i = 0; i < restored.people.size(); ++i) CHECK(restored.people[i].name == (*whole)->people[i].name);
}

// What is accepted is the canonical form: written again, it is the same bytes.
void record(std::string_view bytes) {
  if (const auto read = decode_record(bytes)) CHECK(encode_record(*read) == bytes);
  if (const auto heads = decode_signed_heads(bytes)) CHECK(encode_signed_heads(*heads) == bytes);
  if (const auto manifest = decode_manifest(bytes)) CHECK(encode_manifest(*manifest) == bytes);
}

void snapshot(std::string_view bytes) {
  const auto state = decode_state(bytes);
  if (!state) return;
  const std::string once = encode_state(*state);
  const auto again = decode_state(once);
  CHECK(again.has_value());
  CHECK(encode_state(*again) == once);
}

const net::detail::RequestLimits& limits() {
  static const net::detail::RequestLimits made = {
      .header_bytes_max = 8192,
      .admit = [](const net::Request&, std::optional<std::uint64_t>) { return net::Admission{.bytes_max = 4096}; }};
  return made;
}

// What came out, in words: each request of the stream, then how it ended.
std::string requests_in(std::string_view bytes, std::size_t piece) {
  using net::detail::ParseState;
  net::detail::RequestParser parser(limits());
  std::string outcome, waiting;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    waiting += bytes.substr(at, piece);
    while (!waiting.empty()) {
      waiting.erase(0, parser.feed(waiting));
      if (parser.state() == ParseState::kFailed) return outcome + std::to_string(parser.refusal_status());
      if (parser.state() != ParseState::kDone) break;
      const net::Request request = parser.take();
      outcome += fmt::format("{} {} {} {}[{}] ", to_string(request.method), request.target_path, request.headers.size(),
                             request.query.size(), request.body);
      parser.restart();
    }
  }
  return outcome;
}

// However the network cuts the bytes, the parser comes to the same end. The head is always ended: on a broken one that
// is not, one parser may already refuse what another still waits for.
void request(std::string_view bytes) {
  const std::string ended = std::string(bytes) + "\r\n\r\n";
  const std::string whole = requests_in(ended, ended.size());
  CHECK(requests_in(ended, 1) == whole);
  CHECK(requests_in(ended, 7) == whole);

  net::detail::ResponseParser response;
  response.restart(false, 4096);
  std::string_view left = bytes;
  while (!left.empty() && response.state() != net::detail::ParseState::kDone &&
         response.state() != net::detail::ParseState::kFailed) {
    const std::size_t used = response.feed(left);
    if (used == 0) break;
    left.remove_prefix(used);
  }
  response.feed_eof();
}

// What a route sees never leads out of its folder; what can be read can be written and read again.
void url(std::string_view bytes) {
  if (const auto target = net::parse_target(bytes)) {
    CHECK(target->path == "*" || target->path.starts_with('/'));
    CHECK(target->path.find("/../") == std::string::npos && !target->path.ends_with("/.."));
    CHECK(target->path.find('\0') == std::string::npos);
  }
  if (const auto query = net::parse_query(bytes)) {
    const auto again = net::parse_query(net::build_query(*query));
    CHECK(again.has_value() && *again == *query);
  }
  if (const auto parsed = net::parse_url(bytes)) CHECK(!parsed->host.empty() && parsed->port != 0);
  if (const auto decoded = net::percent_decode(bytes)) {
    CHECK(net::percent_decode(net::percent_encode(*decoded)) == decoded);
  }
}

// Whatever comes out stays within what a table may be, and is text.
void check_table(const TextTable& table) {
  CHECK(table.rows.size() <= kTableRowsMax);
  for (const auto& row : table.rows) {
    CHECK(row.size() <= kTableColumnsMax);
    for (const std::string& cell : row) CHECK(cell.size() <= kCellBytesMax && is_utf8(cell));
  }
}

// What is read can be written and read again, the same.
void csv(std::string_view bytes) {
  const auto read = read_csv(bytes);
  if (!read) return;
  check_table(*read);
  const auto again = read_csv(write_csv(*read));
  CHECK(again.has_value() && *again == *read);
}

void xlsx(std::string_view bytes) {
  if (const auto read = read_xlsx(bytes)) check_table(*read);
}

}  // namespace

const std::vector<Target>& targets() {
  static const std::vector<Target> all = {{"body", &api::parse_any_body},
                                          {"connectors", &connectors},
                                          {"csv", &csv},
                                          {"organisation", &organisation},
                                          {"plan", &plan},
                                          {"record", &record},
                                          {"request", &request},
                                          {"result", &result},
                                          {"scenario", &scenario::read_any_scenario},
                                          {"snapshot", &snapshot},
                                          {"url", &url},
                                          {"xlsx", &xlsx}};
  return all;
}

const Target& target(std::string_view name) {
  const auto found = std::find_if(targets().begin(), targets().end(), [&](const Target& t) { return t.name == name; });
  CHECK(found != targets().end());
  return *found;
}

}  // namespace tingan::fuzz
