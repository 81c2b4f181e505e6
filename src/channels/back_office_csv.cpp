#include "channels/back_office_csv.h"

#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "channels/support/batch_folder.h"
#include "channels/support/csv_text.h"
#include "channels/support/order_text.h"

namespace tingan::channels {
namespace {

constexpr const char* kMark = "\xef\xbb\xbf";  // spreadsheets take it for UTF-8 then
constexpr Duration kLookAgain{1000};           // for result files
constexpr Duration kAskAgain{30'000};

std::size_t column_of(const CsvRow& head, const std::string& title) {
  return static_cast<std::size_t>(std::find(head.begin(), head.end(), title) - head.begin());
}

// "Busy" of a batch that was taken: not yet.
EntryOutcome outcome_in_batch(AnswerMeans means) {
  return means == AnswerMeans::busy ? EntryOutcome::pending : outcome_of(means);
}

// The keys of a batch, one a line.
std::string keys_in(const CsvConnector& csv, const std::string& content) {
  std::string keys;
  const auto rows = parse_csv(content);
  if (!rows || rows->empty()) return keys;
  std::size_t place = 0;
  while (place + 1 < csv.columns.size() &&
         !(csv.columns[place].second.size() == 1 && (csv.by_number ? csv.columns[place].second[0].field == "number"
                                                                   : csv.columns[place].second[0].field == "key" ||
                                                                         csv.columns[place].second[0].field == "id"))) {
    ++place;
  }
  for (std::size_t i = 1; i < rows->size(); ++i) {
    if (place < (*rows)[i].size()) keys += (*rows)[i][place] + "\n";
  }
  return keys;
}

class CsvBackOffice final : public BackOffice {
 public:
  CsvBackOffice(std::string id, CsvConnector csv, std::unique_ptr<BatchFolder> folder, Clock& clock)
      : id_(std::move(id)), csv_(std::move(csv)), folder_(std::move(folder)), clock_(clock) {}
  ~CsvBackOffice() override;

  Expected<void> start();
  bool knows(const std::string& connector) const override { return connector == id_; }
  bool can_ask(const std::string& connector) const override { return connector == id_; }
  void send(const OrderToEnter& order, Done done) override;
  void ask(const OrderToEnter& order, Done done) override;
  bool forget(const std::string& key, const std::string& number) override;

 private:
  struct Row {
    std::string key;
    std::string line;
  };
  struct Question {
    std::string key;
    Done done;
  };

  const std::string& key_of(const OrderToEnter& order) const { return csv_.by_number ? order.number : order.key; }
  void loop();
  void write_batch(std::vector<Row> rows);
  void read_results();
  void read_result(int batch, const std::string& text);
  EntryResult answer(const std::string& key);

  const std::string id_;
  const CsvConnector csv_;
  std::unique_ptr<BatchFolder> folder_;
  Clock& clock_;
  // Of the thread alone.
  std::map<std::string, int> batch_of_;  // the newest with this key
  std::map<std::pair<int, std::string>, EntryResult> results_;
  Instant looked_at_{};

  std::mutex mutex_;  // of all that follows
  std::condition_variable wake_;
  std::vector<Row> rows_;            // gathered; a crash forgets them, and then they are absent
  std::set<std::string> gathering_;  // their keys, until they are written
  Instant first_at_{};
  Instant retry_at_{};  // after a full disk
  std::vector<Question> questions_;
  bool stopping_ = false;
  std::thread thread_;
};

Expected<void> CsvBackOffice::start() {
  const auto written = folder_->written();
  if (!written) return tl::unexpected(written.error());
  for (const auto& [number, keys] : *written) {
    for (std::size_t at = 0; at < keys.size();) {
      const std::size_t end = std::min(keys.find('\n', at), keys.size());
      batch_of_[keys.substr(at, end - at)] = number;
      at = end + 1;
    }
  }
  thread_ = std::thread([this] { loop(); });
  return {};
}

CsvBackOffice::~CsvBackOffice() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  for (Question& question : questions_) question.done({.outcome = EntryOutcome::unknown});
}

void CsvBackOffice::send(const OrderToEnter& order, Done done) {
  const OrderText text(order);
  CsvRow cells;
  for (const auto& [title, value] : csv_.columns) cells.push_back(text.fill(value, Escape::none));
  {
    const std::lock_guard lock(mutex_);
    if (rows_.empty()) first_at_ = clock_.now();
    rows_.push_back({key_of(order), csv_line(cells)});
    gathering_.insert(key_of(order));
    wake_.notify_one();
  }
  done({.outcome = EntryOutcome::pending});
}

void CsvBackOffice::ask(const OrderToEnter& order, Done done) {
  const std::lock_guard lock(mutex_);
  questions_.push_back({key_of(order), std::move(done)});
  wake_.notify_one();
}

bool CsvBackOffice::forget(const std::string& key, const std::string& number) {
  const std::string& name = csv_.by_number ? number : key;
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(rows_, [&](const Row& row) { return row.key == name; });
    gathering_.erase(name);
  }
  return folder_->forget_rows(name).has_value();
}

void CsvBackOffice::loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const Instant now = clock_.now();
    const bool full = rows_.size() >= static_cast<std::size_t>(csv_.orders_max);
    const bool due = !rows_.empty() && retry_at_ <= now && (full || first_at_ + csv_.wait <= now);
    if (!due && questions_.empty()) {
      const Duration pause =
          rows_.empty() ? Duration{60'000} : std::max({Duration{1}, first_at_ + csv_.wait - now, retry_at_ - now});
      wake_.wait_for(lock, pause);
      continue;
    }
    std::vector<Row> batch;
    if (due) {
      const auto end = rows_.begin() +
                       static_cast<std::ptrdiff_t>(std::min(rows_.size(), static_cast<std::size_t>(csv_.orders_max)));
      batch.assign(std::make_move_iterator(rows_.begin()), std::make_move_iterator(end));
      rows_.erase(rows_.begin(), end);
    }
    std::vector<Question> questions;
    questions.swap(questions_);
    lock.unlock();
    if (!batch.empty()) write_batch(std::move(batch));
    if (!questions.empty()) read_results();
    for (Question& question : questions) question.done(answer(question.key));
    lock.lock();
  }
}

void CsvBackOffice::write_batch(std::vector<Row> rows) {
  CsvRow head;
  for (const auto& [title, value] : csv_.columns) head.push_back(title);
  std::string content = kMark + csv_line(head);
  for (const Row& row : rows) content += row.line;
  const auto number = folder_->write(content);
  // Staged it is handed over for good, whatever becomes of the offering: that is made up for at the next question.
  if (number) static_cast<void>(folder_->offer_staged());
  const std::lock_guard lock(mutex_);
  if (!number) {
    rows_.insert(rows_.begin(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
    first_at_ = clock_.now();
    retry_at_ = first_at_ + csv_.wait;
    return;
  }
  for (const Row& row : rows) {
    batch_of_[row.key] = *number;
    gathering_.erase(row.key);
  }
}

void CsvBackOffice::read_results() {
  const Instant now = clock_.now();
  if (looked_at_ != Instant{} && now < looked_at_ + kLookAgain) return;
  looked_at_ = now;
  static_cast<void>(folder_->offer_staged());
  for (const auto& [batch, text] : folder_->changed_results()) read_result(batch, text);
}

void CsvBackOffice::read_result(int batch, const std::string& text) {
  const auto utf8 = to_utf8(text);
  const auto rows = utf8 ? parse_csv(*utf8) : std::nullopt;
  if (!rows || rows->empty()) return;
  const CsvRow& head = rows->front();
  const std::size_t key_at = column_of(head, csv_.key_column);
  const std::size_t outcome_at = column_of(head, csv_.outcome_column);
  const std::size_t reference_at = column_of(head, csv_.reference_column);
  const std::size_t reason_at = column_of(head, csv_.reason_column);
  const auto cell = [](const CsvRow& row, std::size_t at) { return at < row.size() ? row[at] : std::string(); };
  for (std::size_t i = 1; i < rows->size(); ++i) {
    const CsvRow& row = (*rows)[i];
    const std::string word = cell(row, outcome_at);
    if (key_at >= row.size() || word.empty()) continue;
    EntryResult result;
    for (const auto& [known, means] : csv_.outcomes) {
      if (known == word) result.outcome = outcome_in_batch(means);
    }
    result.reference = cell(row, reference_at);
    if (result.outcome == EntryOutcome::rejected) {
      result.code = "rejected";
      result.reason = cell(row, reason_at);
    }
    results_[{batch, row[key_at]}] = std::move(result);
  }
}

EntryResult CsvBackOffice::answer(const std::string& key) {
  {
    const std::lock_guard lock(mutex_);
    if (gathering_.contains(key)) return {.outcome = EntryOutcome::pending, .retry_after = kAskAgain};
  }
  const auto batch = batch_of_.find(key);
  if (batch == batch_of_.end()) return {.outcome = EntryOutcome::absent};
  const auto result = results_.find({batch->second, key});
  if (result != results_.end()) return result->second;
  return {.outcome = EntryOutcome::pending, .retry_after = kAskAgain};
}

}  // namespace

Expected<std::unique_ptr<BackOffice>> make_csv_back_office(const ConnectorConfig& config, const CsvConnector& csv,
                                                           Clock& clock) {
  auto folder = BatchFolder::open(csv.folder, [csv](const std::string& content) { return keys_in(csv, content); });
  if (!folder) {
    Error error = folder.error();
    error.where = config.where + ": " + error.where;
    return tl::unexpected(std::move(error));
  }
  auto office = std::make_unique<CsvBackOffice>(config.id, csv, std::move(*folder), clock);
  if (auto started = office->start(); !started) return tl::unexpected(started.error());
  return office;
}

}  // namespace tingan::channels
