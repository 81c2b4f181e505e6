#include "sim/reference_back_office.h"

#include <boost/json.hpp>

#include "codec/record_json.h"

namespace tingan::sim {
namespace {

constexpr std::int64_t kAmountMaxFen = 1'000'000'000;  // ten million yuan: beyond it is a slip of the pen

std::string word(const boost::json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value == nullptr || !value->is_string() ? std::string() : std::string(value->get_string());
}

bool is_mobile_number(std::string_view text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return text.size() == 11 && text[0] == '1' && text[1] >= '3' && std::all_of(text.begin(), text.end(), digit);
}

EntryResult refusal(std::string code, std::string reason) {
  return {.outcome = EntryOutcome::rejected, .code = std::move(code), .reason = std::move(reason)};
}

std::optional<EntryResult> wrong_content(const OrderToEnter& order) {
  if (order.number.empty()) return refusal("number-missing", "没有单号 / no number");
  if (order.business.empty()) return refusal("business-missing", "没有业务类型 / no business type");
  if (order.amount_fen < 0 || order.amount_fen > kAmountMaxFen) {
    return refusal("amount-malformed", "金额不对 / the amount cannot be right");
  }
  boost::system::error_code bad;
  const boost::json::value content = boost::json::parse(order.personal, bad);
  if (bad || !content.is_object()) return refusal("content-unreadable", "内容读不懂 / the content cannot be read");
  if (word(content.get_object(), "name").empty()) return refusal("name-missing", "没有客户姓名 / no customer's name");
  if (!is_mobile_number(word(content.get_object(), "mobile"))) {
    return refusal("mobile-malformed", "手机号不对 / the mobile number is none");
  }
  return std::nullopt;
}

// The same for a key whenever it comes: a refusal for good must not depend on the day.
bool is_closed(const std::string& key, int permille) { return SeededRandom(0).fork(key).chance(permille); }

std::string fingerprint_of(const OrderToEnter& order) {
  return to_hex(
      sha256(fmt::format("{}\n{}\n{}\n{}", order.unit.str(), order.business.str(), order.amount_fen, order.personal)));
}

}  // namespace

OfficeTravel ReferenceBackOffice::travel(SeededRandom& dice) const {
  if (temper_.slow_most <= Duration::zero()) return {};
  const Duration least = std::min(temper_.slow_least, temper_.slow_most);
  return {dice.between(least, temper_.slow_most), dice.between(least, temper_.slow_most)};
}

OfficeAnswer ReferenceBackOffice::send(const OrderToEnter& order, Instant now, SeededRandom& dice) {
  ++counts_.sent;
  if (temper_.down || dice.chance(temper_.lose_request)) {
    ++counts_.lost;
    return {};
  }
  if (auto away = turned_away(order, now, dice)) return reply(std::move(*away), dice);
  const std::string fingerprint = fingerprint_of(order);
  const auto found = entries_.find(order.key);
  if (found != entries_.end() && temper_.heeds_keys) {
    return reply(known(found->second, EntryOutcome::duplicate, dice), dice);
  }
  const auto twin = first_key_of_.find(fingerprint);
  if (temper_.refuses_twins && twin != first_key_of_.end() && twin->second != order.key) {
    ++counts_.refused;
    return reply(refusal("twin", "同样内容已经录入 / the same content is entered already"), dice);
  }
  OfficeEntry entry{order.key, order.number, order.business.str(), next_reference(), fingerprint, order.amount_fen,
                    1,         now};
  if (dice.chance(temper_.false_entered)) {
    ++counts_.lies;
    return reply({.outcome = EntryOutcome::entered, .reference = entry.reference}, dice);
  }
  restore(entry);
  OfficeAnswer answer = reply(known(entry, EntryOutcome::entered, dice), dice);
  answer.entered = std::move(entry);
  return answer;
}

// Before it looks into its books.
std::optional<EntryResult> ReferenceBackOffice::turned_away(const OrderToEnter& order, Instant now,
                                                            SeededRandom& dice) {
  if (const Duration wait = pace_.wait(now); wait > Duration::zero()) {
    return EntryResult{.outcome = EntryOutcome::busy, .retry_after = wait};
  }
  pace_.take(now);
  if (dice.chance(temper_.busy)) return EntryResult{.outcome = EntryOutcome::busy};
  auto wrong = wrong_content(order);
  if (!wrong && is_closed(order.key, temper_.refuse)) wrong = refusal("account-closed", "客户已销户 / account closed");
  if (wrong) ++counts_.refused;
  return wrong;
}

OfficeAnswer ReferenceBackOffice::ask(const std::string& key, SeededRandom& dice) {
  ++counts_.asked;
  if (temper_.down || dice.chance(temper_.lose_request)) {
    ++counts_.lost;
    return {};
  }
  const auto found = entries_.find(key);
  const bool has = found != entries_.end();
  if (dice.chance(has ? temper_.false_absent : temper_.false_entered)) {
    ++counts_.lies;
    if (has) return reply({.outcome = EntryOutcome::absent}, dice);
    return reply({.outcome = EntryOutcome::entered, .reference = next_reference()}, dice);
  }
  if (!has) return reply({.outcome = EntryOutcome::absent}, dice);
  return reply(known(found->second, EntryOutcome::entered, dice), dice);
}

EntryResult ReferenceBackOffice::known(const OfficeEntry& entry, EntryOutcome outcome, SeededRandom& dice) {
  EntryResult result{.outcome = outcome, .reference = entry.reference};
  if (dice.chance(temper_.wrong_reference)) {
    ++counts_.lies;
    const auto other = entries_.begin();
    const bool mine = other == entries_.end() || other->first == entry.key;
    result.reference = mine ? next_reference() : other->second.reference;
  }
  return result;
}

// Numbers go up with every entry, also one that doubles.
std::string ReferenceBackOffice::next_reference() const { return fmt::format("bo-{:08}", counts_.entries + 1); }

OfficeAnswer ReferenceBackOffice::reply(EntryResult result, SeededRandom& dice) {
  if (!dice.chance(temper_.lose_answer)) return {.result = std::move(result)};
  ++counts_.lost;
  return {};
}

void ReferenceBackOffice::restore(const OfficeEntry& entry) {
  ++counts_.entries;
  counts_.amount_fen += entry.amount_fen;
  const auto [place, fresh] = entries_.try_emplace(entry.key, entry);
  if (!fresh) {
    counts_.doubled += ++place->second.times == 2 ? 1 : 0;
    return;
  }
  ++counts_.keys;
  const auto [first, unheard] = first_key_of_.try_emplace(entry.fingerprint, entry.key);
  counts_.twins += unheard ? 0 : 1;
}

void ReferenceBackOffice::become(OfficeTemper temper) {
  if (temper.per_second != temper_.per_second) pace_ = RateWindow(temper.per_second, Duration{1000});
  temper_ = temper;
}

int ReferenceBackOffice::times(const std::string& key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? 0 : found->second.times;
}

}  // namespace tingan::sim
