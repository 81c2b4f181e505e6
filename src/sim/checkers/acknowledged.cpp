#include "sim/checkers/acknowledged.h"

namespace tingan::sim {
namespace {

// The text that a person's own event carries; nullptr where its kind has none.
struct PrivateText {
  const Sealed* operator()(const IncidentDeclared& e) const { return &e.note; }
  const Sealed* operator()(const FactsStated& e) const { return &e.reason; }
  const Sealed* operator()(const StepMarked& e) const { return &e.note; }
  const Sealed* operator()(const ProgressNoted& e) const { return &e.text; }
  const Sealed* operator()(const ReportDrafted& e) const { return &e.content; }
  const Sealed* operator()(const ReportFiled& e) const { return &e.content; }
  const Sealed* operator()(const IncidentReopened& e) const { return &e.reason; }
  const Sealed* operator()(const IncidentRetracted& e) const { return &e.reason; }
  template <class Other>
  const Sealed* operator()(const Other&) const {
    return nullptr;
  }
};

// These are refused for the moment only; the client may send the same again.
bool for_the_moment(const Outcome& outcome) { return outcome.refused && outcome.refused->code.starts_with("store."); }

}  // namespace

void AcknowledgedChecker::note(const Sealed& text, const StoredRecord& stored) {
  const auto opened = sealer_.open(text);
  if (!opened || !*opened) return verdict_.fail(fmt::format("record {}: an envelope does not open", stored.gseq));
  const std::string token = (*opened)->substr((*opened)->rfind(' ') + 1);
  Effects& effects = effects_[token];
  // One record is one command: a closing gives its reason to each step that it skips.
  if (effects.count > 0 && effects.gseq == stored.gseq) return;
  if (++effects.count > 1) {
    verdict_.fail(fmt::format("request {} had two effects: records {} and {}", token, effects.gseq, stored.gseq));
  }
  effects.gseq = stored.gseq;
}

void AcknowledgedChecker::on_record(const StoredRecord& stored, const Record& record) {
  if (record.by == program_actor()) return;  // a parent's word that is handed down carries the same text
  for (const AnyEvent& any : record.events) {
    const auto* event = std::get_if<IncidentEvent>(&any);
    if (event == nullptr) continue;
    const Sealed* text = std::visit(PrivateText{}, *event);
    if (text != nullptr && !text->empty()) note(*text, stored);
  }
}

void AcknowledgedChecker::on_reply(const Request& request, const Outcome& outcome, std::uint64_t durable) {
  if (for_the_moment(outcome)) return;
  const Answered answered = read_answer(outcome.answer);
  if (answered.gseq > durable) {
    verdict_.fail(fmt::format("request {} ({}) was answered with record {}, but only {} are durable", request.token,
                              request.what, answered.gseq, durable));
  }
  const auto [known, first] = answers_.try_emplace(request.token, outcome.answer);
  whats_[request.token] = request.what;
  if (!first && request.keyed &&
      (known->second.status != outcome.answer.status || known->second.body != outcome.answer.body)) {
    verdict_.fail(fmt::format("request {} ({}) was answered '{}' and later '{}'", request.token, request.what,
                              known->second.body, outcome.answer.body));
  }
}

void AcknowledgedChecker::on_end(Instant, EngineCore& core) {
  for (const auto& [token, answer] : answers_) {
    const Answered answered = read_answer(answer);
    const auto found = effects_.find(token);
    if (!answered.accepted && found != effects_.end()) {
      verdict_.fail(fmt::format("request {} ({}) was refused with {}, yet record {} is its effect", token,
                                whats_[token], answered.code, found->second.gseq));
    }
    if (answered.accepted && answered.gseq > core.view().last_gseq()) {
      verdict_.fail(fmt::format("request {} ({}) was acknowledged with record {}, which is lost", token, whats_[token],
                                answered.gseq));
    }
  }
}

}  // namespace tingan::sim
