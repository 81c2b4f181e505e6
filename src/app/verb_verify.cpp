// tingan verify: proves a data folder or an export.
#include <boost/json.hpp>
#include <fstream>
#include <iostream>

#include "app/log_verbs.h"
#include "base/file.h"
#include "codec/describe_json.h"
#include "runtime/node_identity.h"
#include "store/files/blob_folder.h"
#include "store/sqlite/log_reader.h"

namespace tingan {
namespace {

struct Request {
  std::string path;
  std::string key_file;
  bool json = false;
};

std::string fault_name(Fault fault) {
  std::string name(enum_name(fault));
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

boost::json::value to_json(const VerifyReport& report) {
  boost::json::value bad = nullptr;
  if (report.bad) {
    bad = {{"fault", fault_name(report.bad->fault)},
           {"unit", report.bad->unit.str()},
           {"seq", report.bad->seq},
           {"gseq", report.bad->gseq},
           {"line", report.bad->line},
           {"message", {{"zh", report.bad->what.zh}, {"en", report.bad->what.en}}}};
  }
  std::string signer = public_key_text(report.signer);
  signer.pop_back();
  return {{"sound", report.sound()},
          {"records", report.records},
          {"units", report.units},
          {"batches", report.batches},
          {"evidence", report.blobs},
          {"signer", signer},
          {"bad", bad}};
}

std::string place_of(const BadRecord& bad) {
  std::string place = bad.unit.empty() ? "" : fmt::format("{}/{}", bad.unit.str(), bad.seq);
  if (bad.line != 0) place += fmt::format("{}line {}", place.empty() ? "" : ", ", bad.line);
  if (bad.gseq != 0) place += fmt::format("{}record {}", place.empty() ? "" : ", ", bad.gseq);
  return place;
}

int refuse(const Error& error, int exit_code) {
  std::cerr << to_string(error) << '\n';
  return exit_code;
}

Expected<VerifyReport> verify_file(const std::string& path, const std::string& public_key) {
  std::ifstream lines(path, std::ios::binary);
  if (!lines) {
    return fail("file.unreadable", {"无法读取文件", "Expected to read the file, but it cannot be opened"}, path);
  }
  return verify_export(lines, {.public_key = public_key});
}

int verify(const Request& request) {
  constexpr int kWrongUse = 2;
  std::string public_key;
  if (!request.key_file.empty()) {
    const auto text = read_whole_file(request.key_file);
    if (!text) return refuse(text.error(), kWrongUse);
    const auto key = parse_public_key(*text);
    if (!key) return refuse(key.error(), kWrongUse);
    public_key = *key;
  }
  std::error_code ignored;
  const bool folder = std::filesystem::is_directory(request.path, ignored);
  const auto report = folder ? verify_folder({request.path}, public_key) : verify_file(request.path, public_key);
  if (!report) {
    // A log too damaged to be read is a failed check; a path with no log in it is wrong use.
    const bool no_log = report.error().code == "store.none" || report.error().code == "file.unreadable";
    return refuse(report.error(), no_log ? kWrongUse : 1);
  }
  fmt::print("{}\n", request.json ? boost::json::serialize(to_json(*report)) : say(*report));
  return report->sound() ? 0 : 1;
}

}  // namespace

std::string say(const VerifyReport& report) {
  if (!report.sound()) {
    const std::string place = place_of(*report.bad);
    return fmt::format("有误：{}：{} [{}]\nBad: {}: {}", place, report.bad->what.zh, fault_name(report.bad->fault),
                       place, report.bad->what.en);
  }
  std::string signer = public_key_text(report.signer);
  signer.pop_back();
  return fmt::format("完好：{} 个单位的 {} 条记录，签名者 {}\nSound: {} records of {} units, signed by {}",
                     report.units, report.records, signer, report.records, report.units, signer);
}

Expected<VerifyReport> verify_folder(const DataFolder& folder, const std::string& public_key) {
  const auto reader = SqliteLogReader::open(folder, CheckHashes::no);
  if (!reader) return tl::unexpected(reader.error());
  if (auto pages = (*reader)->check_pages(); !pages) return tl::unexpected(pages.error());
  BlobFolder blobs(folder.blobs());
  VerifyOptions options{.public_key = public_key, .blobs = &blobs};
  if (public_key.empty()) {
    const auto identity = NodeIdentity::open(folder.node_key());
    if (identity) options.public_key = (*identity)->public_key();
    if (!identity && identity.error().code != "identity.none") return tl::unexpected(identity.error());
  }
  return verify_log(**reader, options);
}

void add_verify(CLI::App& app, int& exit_code) {
  auto request = std::make_shared<Request>();
  CLI::App* verb = app.add_subcommand(
      "verify", "check every chain and signature of a data folder or an export; names the first bad record");
  verb->add_option("PATH", request->path, "data folder, or FILE.jsonl from 'tingan export'")->required();
  verb->add_option("--key", request->key_file, "public key file: only this node's signature counts");
  verb->add_flag("--json", request->json, "print the report as JSON");
  verb->callback([request, &exit_code] { exit_code = verify(*request); });
}

void add_log_verbs(CLI::App& app, int& exit_code) {
  add_verify(app, exit_code);
  add_export(app, exit_code);
  add_backup(app, exit_code);
  add_restore(app, exit_code);
  add_keys(app, exit_code);
}

}  // namespace tingan
