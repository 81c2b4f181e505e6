#include "app/promise_ledger.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

namespace tingan {
namespace {

namespace fs = std::filesystem;

// "<order> <due, ms> <stage> <person> <channel>": kept twice as long as anybody asks for it.
bool is_young(const std::string& key, Instant now) {
  std::int64_t due = 0;
  const auto space = key.find(' ');
  if (space == std::string::npos || std::sscanf(key.c_str() + space, " %ld", &due) != 1) return false;
  return from_millis(due) + 2 * outbox::kPromiseWindow >= now;
}

}  // namespace

PromiseLedgerFile::PromiseLedgerFile(fs::path file, Instant now) : file_(std::move(file)) {
  read(now);
  // Written anew without what is old, and put in place whole.
  const fs::path fresh = file_.string() + ".new";
  std::ofstream out(fresh, std::ios::trunc);
  for (const std::string& key : keys_) out << key << '\n';
  out.close();
  std::error_code error;
  // On a full disk the old one stays: a part of it would tell people a second time.
  if (out) fs::rename(fresh, file_, error);
  if (!out) fs::remove(fresh, error);
  descriptor_ = ::open(file_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (error || descriptor_ < 0) spdlog::warn("{}: {}", file_.string(), std::strerror(errno));
}

PromiseLedgerFile::~PromiseLedgerFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void PromiseLedgerFile::read(Instant now) {
  std::ifstream in(file_);
  for (std::string line; std::getline(in, line);) {
    if (in.eof()) break;  // no line end: a crash cut it off
    if (is_young(line, now)) keys_.insert(line);
  }
}

void PromiseLedgerFile::add(const std::string& key) {
  keys_.insert(key);
  const std::string line = key + "\n";
  if (descriptor_ < 0) return;
  const bool written = ::write(descriptor_, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  if (!written || ::fdatasync(descriptor_) != 0) spdlog::warn("{}: {}", file_.string(), std::strerror(errno));
}

}  // namespace tingan
