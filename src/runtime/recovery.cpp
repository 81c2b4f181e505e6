// Coming back: a snapshot, if it can be trusted, and the records after it. Going down well: writing one.
#include <charconv>

#include "base/check.h"
#include "codec/record_json.h"
#include "codec/state_binary.h"
#include "core/incident/evolve.h"
#include "runtime/engine_core_impl.h"

namespace tingan {
namespace {

constexpr std::size_t kChunk = 4096;

// The fold that made a snapshot: another program version may fold differently, so it throws the snapshot away.
std::string fold_name() { return fmt::format("tingan-2/{}", state_fold_name()); }

// Rows carry the first bytes of their own SHA-256: a page that rotted on disk must not become somebody's incident.
std::string with_sum(std::string blob) {
  const Hash sum = sha256(blob);
  blob.append(reinterpret_cast<const char*>(sum.data()), 8);
  return blob;
}

std::optional<std::string_view> without_sum(std::string_view row) {
  if (row.size() < 8) return std::nullopt;
  const std::string_view blob = row.substr(0, row.size() - 8);
  const Hash sum = sha256(blob);
  const std::string_view want(reinterpret_cast<const char*>(sum.data()), 8);
  if (row.substr(row.size() - 8) != want) return std::nullopt;
  return blob;
}

// The first byte of a row says what it holds. An order's id comes from a device, so its row has a key of its own: it
// must not be able to stand in for an incident's.
constexpr char kIncidentRow = 'i';
constexpr char kOrderRow = 'o';
constexpr char kHallRow = 'h';

IncidentId row_key(const AcceptanceBoard::Row& row) {
  const Hash sum = sha256(row.order.none() ? "hall " + row.unit.str() : "order " + to_string(row.order));
  IncidentId key;
  std::copy_n(sum.begin(), key.bytes.size(), key.bytes.begin());
  return key;
}

std::string row_blob(const AcceptanceBoard& board, const AcceptanceBoard::Row& row) {
  return row.order.none() ? kHallRow + encode_hall(*board.hall(row.unit))
                          : kOrderRow + encode_order(*board.order(row.order));
}

// Where the registry's records are, one gseq a line; and the hash of the record at the snapshot's point binds it to the
// chain.
std::string encode_meta(const std::vector<std::uint64_t>& unit_gseqs, const std::string& head) {
  std::string out = head + "\n";
  for (const std::uint64_t gseq : unit_gseqs) out += fmt::format("{}\n", gseq);
  return out;
}

struct MetaBlob {
  std::string head;
  std::vector<std::uint64_t> unit_gseqs;
};

std::optional<MetaBlob> decode_meta(std::string_view text) {
  MetaBlob meta;
  const auto first = text.find('\n');
  if (first == std::string_view::npos) return std::nullopt;
  meta.head = text.substr(0, first);
  text.remove_prefix(first + 1);
  while (!text.empty()) {
    std::uint64_t gseq = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), gseq);
    if (error != std::errc{} || end == text.data() + text.size() || *end != '\n') return std::nullopt;
    meta.unit_gseqs.push_back(gseq);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  }
  return meta;
}

Expected<Record> decoded(const StoredRecord& stored) {
  auto record = decode_record(stored.bytes);
  if (!record) {
    Error error = record.error();
    error.where = fmt::format("{} seq {} (gseq {}): {}", stored.unit.str(), stored.seq, stored.gseq, error.where);
    return tl::unexpected(std::move(error));
  }
  return record;
}

}  // namespace

// The state under reconstruction. Incidents are folded in place and handed to the board at the end.
class Recovery {
 public:
  Recovery(EngineCore::Impl& impl, const FoldedRegistry* known) : impl_(impl), known_(known) {}

  Expected<void> run() {
    start_registry();
    if (auto heads = load_heads(); !heads) return heads;
    auto usable = try_snapshot();
    if (!usable) return tl::unexpected(usable.error());
    if (!*usable) {
      states_.clear();
      start_registry();
      impl_.world.acceptance = AcceptanceBoard();
      from_ = 0;
      if (auto dropped = impl_.ports.log.drop_snapshot(); !dropped) return dropped;
    }
    if (auto replayed = replay(); !replayed) return replayed;
    return finish();
  }

 private:
  void start_registry() {
    impl_.world.registry = known_ == nullptr ? Registry::empty() : known_->registry;
    impl_.world.unit_gseqs.clear();
  }

  struct Folded {
    IncidentState state;
    std::uint64_t gseq = 0;
    std::uint64_t dirty_since = 0;
    std::string packed;  // the row as it was, unless a record changed the state since
  };

  Expected<void> load_heads() {
    auto heads = impl_.ports.log.heads();
    if (!heads) return tl::unexpected(heads.error());
    World& world = impl_.world;
    for (const UnitHead& head : *heads) {
      world.heads[head.unit] = head;
      world.last_time = std::max(world.last_time, head.time);
    }
    world.last_gseq = impl_.ports.log.last_gseq();
    return {};
  }

  // False: there is none, or it is in doubt.
  Expected<bool> try_snapshot() {
    auto meta = impl_.ports.log.snapshot_meta();
    if (!meta) return tl::unexpected(meta.error());
    if (!*meta || (*meta)->fold != fold_name() || (*meta)->gseq > impl_.world.last_gseq) return false;
    if ((*meta)->checksum != to_hex(sha256((*meta)->blob))) return false;
    const auto blob = decode_meta((*meta)->blob);
    if (!blob) return false;
    if ((*meta)->gseq > 0) {
      const auto bound = impl_.ports.log.reader().read((*meta)->gseq);
      if (!bound || to_hex(bound->hash) != blob->head) return false;
    }
    if (auto folded = fold_units(blob->unit_gseqs); !folded) return tl::unexpected(folded.error());
    bool trusted = true;
    auto read = impl_.ports.log.read_snapshot([&](const SnapshotRow& row) { trusted = trusted && take_row(row); });
    if (!read) return tl::unexpected(read.error());
    from_ = (*meta)->gseq;
    return trusted;
  }

  Expected<void> fold_units(const std::vector<std::uint64_t>& gseqs) {
    for (const std::uint64_t gseq : gseqs) {
      auto stored = impl_.ports.log.reader().read(gseq);
      if (!stored) return tl::unexpected(stored.error());
      if (auto folded = fold(*stored); !folded) return folded;
    }
    return {};
  }

  bool take_row(const SnapshotRow& row) {
    const auto blob = without_sum(row.blob);
    if (!blob || blob->empty() || row.gseq > impl_.world.last_gseq) return false;
    const std::string_view packed = blob->substr(1);
    if (blob->front() == kOrderRow) {
      auto order = decode_order(packed);
      if (!order || row.incident != row_key({{}, order->id})) return false;
      impl_.world.acceptance.restore(std::move(*order), row.gseq);
      return true;
    }
    if (blob->front() == kHallRow) {
      auto hall = decode_hall(packed);
      if (!hall || row.incident != row_key({hall->unit, {}})) return false;
      impl_.world.acceptance.restore(std::move(*hall), row.gseq);
      return true;
    }
    if (blob->front() != kIncidentRow) return false;
    auto state = decode_state(packed);
    if (!state || state->id != row.incident) return false;
    Folded& folded = states_[row.incident];
    folded.state = std::move(*state);
    folded.gseq = row.gseq;
    folded.packed = packed;
    pin(folded.state);
    return true;
  }

  // A plan that was published after the snapshot's point is pinned when its record comes by.
  void pin(IncidentState& state) const {
    if (state.plan == nullptr) state.plan = impl_.world.registry->plan(state.plan_id, state.plan_version);
    for (IncidentState& shown : state.cover) shown.plan = state.plan;
  }

  Expected<void> replay() {
    std::uint64_t after = from_;
    for (;;) {
      auto chunk = impl_.ports.log.reader().read_after(after, kChunk);
      if (!chunk) return tl::unexpected(chunk.error());
      if (chunk->empty()) return {};
      for (const StoredRecord& stored : *chunk) {
        if (auto folded = fold(stored); !folded) return folded;
      }
      after = chunk->back().gseq;
    }
  }

  Expected<void> fold(const StoredRecord& stored) {
    auto record = decoded(stored);
    if (!record) return tl::unexpected(record.error());
    if (!record->events.empty() && std::holds_alternative<AcceptanceEvent>(record->events.front())) {
      return fold_acceptance(stored, *record);
    }
    if (record->incident.none()) return fold_unit(stored, *record);
    return fold_incident(stored, *record);
  }

  Expected<void> fold_unit(const StoredRecord& stored, const Record& record) {
    World& world = impl_.world;
    if (record.unit == UnitId(kSecurityLog)) return {};  // told, not folded
    if (!world.unit_gseqs.empty() && stored.gseq <= world.unit_gseqs.back()) return {};
    const bool known = known_ != nullptr && stored.gseq <= known_->gseq;
    for (const AnyEvent& any : record.events) {
      const auto* event = std::get_if<UnitEvent>(&any);
      if (known) continue;
      if (event == nullptr)
        return fail("log.malformed", {"记录里混有两类事件", "Expected unit events only"}, stored.unit.str());
      auto evolved = world.registry->evolved(*event, record.time.at, record.by, impl_.ports.sealer);
      if (!evolved) return tl::unexpected(evolved.error());
      world.registry = std::move(*evolved);
    }
    world.unit_gseqs.push_back(stored.gseq);
    return {};
  }

  Expected<void> fold_acceptance(const StoredRecord& stored, const Record& record) {
    for (const AnyEvent& any : record.events) {
      if (std::holds_alternative<AcceptanceEvent>(any)) continue;
      return fail("log.malformed", {"记录里混有两类事件", "Expected acceptance events only"}, stored.unit.str());
    }
    impl_.world.acceptance.apply(record, stored.gseq);
    impl_.world.acceptance.commit();
    return {};
  }

  Expected<void> fold_incident(const StoredRecord& stored, const Record& record) {
    auto found = states_.find(record.incident);
    if (found != states_.end() && stored.gseq <= found->second.gseq) return {};
    for (const AnyEvent& any : record.events) {
      const auto* event = std::get_if<IncidentEvent>(&any);
      if (event == nullptr)
        return fail("log.malformed", {"记录里混有两类事件", "Expected incident events only"}, stored.unit.str());
      if (const auto* declared = std::get_if<IncidentDeclared>(event)) {
        PlanPtr plan = impl_.world.registry->plan(declared->plan, declared->plan_version);
        if (plan == nullptr) {
          return fail("log.unknown-plan",
                      {fmt::format("日志里没有预案 {} 第 {} 版", declared->plan.str(), declared->plan_version),
                       fmt::format("Expected plan {} version {} in the log, but it is not there", declared->plan.str(),
                                   declared->plan_version)});
        }
        found =
            states_
                .insert_or_assign(record.incident, Folded{blank_incident(record.incident, std::move(plan)), 0, 0, {}})
                .first;
      }
      if (found == states_.end()) {
        return fail("log.malformed", {"事件记录缺少启动记录", "Expected a declare before other events of an incident"},
                    stored.unit.str());
      }
      pin(found->second.state);
      CHECK(found->second.state.plan != nullptr);
      evolve(found->second.state, *event, record.time.at, record.by);
    }
    found->second.gseq = stored.gseq;
    found->second.packed.clear();
    if (found->second.dirty_since == 0) found->second.dirty_since = stored.gseq;
    return {};
  }

  Expected<void> finish() {
    World& world = impl_.world;
    // In the order of their ids, which is the order of time: the correlation index depends on it.
    std::vector<std::pair<IncidentId, Folded*>> ordered;
    ordered.reserve(states_.size());
    for (auto& [id, folded] : states_) ordered.emplace_back(id, &folded);
    std::sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) {
      return std::pair(a.second->state.declared_at, a.first) < std::pair(b.second->state.declared_at, b.first);
    });
    std::vector<PublishedView::Change> changes;
    changes.reserve(ordered.size());
    for (auto& [id, folded] : ordered) {
      pin(folded->state);
      if (folded->state.plan == nullptr) {
        return fail("log.unknown-plan",
                    {"快照引用了未知的预案版本", "Expected the snapshot's plan version in the log"});
      }
      const IncidentState& state = folded->state;
      const Unit* unit = world.registry->directory().unit(state.unit);
      const Held held(folded->packed.empty() ? encode_state(state) : std::move(folded->packed), state.plan);
      world.board.put_recovered(state, held, folded->gseq, unit == nullptr ? UnitId() : unit->parent,
                                folded->dirty_since);
      const bool open = state.status == IncidentStatus::open || state.status == IncidentStatus::contained;
      changes.push_back({id, state.unit, open, held, folded->gseq});
      folded->state = IncidentState{};
    }
    for (const AcceptanceBoard::Changes& all : world.acceptance.everything()) impl_.view.publish(all);
    impl_.view.publish(changes, world.registry, world.last_gseq);
    impl_.since_snapshot = world.last_gseq - from_;
    return {};
  }

  EngineCore::Impl& impl_;
  const FoldedRegistry* known_;
  std::unordered_map<IncidentId, Folded> states_;
  std::uint64_t from_ = 0;
};

Expected<void> EngineCore::recover(const FoldedRegistry* known) { return Recovery(*impl_, known).run(); }

std::size_t EngineCore::snapshot_lag() const { return impl_->since_snapshot; }

Expected<void> EngineCore::snapshot(bool all, std::size_t rows_at_once) {
  World& world = impl_->world;
  if (impl_->since_snapshot == 0) return {};
  do {
    std::vector<SnapshotRow> rows;
    std::vector<IncidentId> written;
    for (const auto& [id, since] : world.board.dirty()) {
      if (rows.size() >= rows_at_once) break;
      const Board::Entry* entry = world.board.entry(id);
      CHECK(entry != nullptr);
      rows.push_back({id, entry->last_gseq, with_sum(kIncidentRow + encode_state(*entry->held.load()))});
      written.push_back(id);
    }
    std::vector<AcceptanceBoard::Row> written_rows;
    for (const auto& [row, since] : world.acceptance.dirty()) {
      if (rows.size() >= rows_at_once) break;
      rows.push_back({row_key(row), world.acceptance.gseq_of(row), with_sum(row_blob(world.acceptance, row))});
      written_rows.push_back(row);
    }
    // Every record before the oldest one that a row still misses is in the rows.
    std::uint64_t covered = world.last_gseq;
    std::size_t left = 0;
    for (const auto& [id, since] : world.board.dirty()) {
      if (left++ >= written.size()) covered = std::min(covered, since - 1);
    }
    left = 0;
    for (const auto& [row, since] : world.acceptance.dirty()) {
      if (left++ >= written_rows.size()) covered = std::min(covered, since - 1);
    }
    std::string head;
    if (covered > 0) {
      auto bound = impl_->ports.log.reader().read(covered);
      if (!bound) return tl::unexpected(bound.error());
      head = to_hex(bound->hash);
    }
    SnapshotMeta meta{covered, fold_name(), encode_meta(world.unit_gseqs, head), {}};
    meta.checksum = to_hex(sha256(meta.blob));
    if (auto put = impl_->ports.log.put_snapshot(rows, {}, meta); !put) return put;
    world.board.mark_clean(written);
    world.acceptance.mark_clean(written_rows);
    impl_->since_snapshot = world.last_gseq - covered;
  } while (all && !(world.board.dirty().empty() && world.acceptance.dirty().empty()));
  return {};
}

}  // namespace tingan
