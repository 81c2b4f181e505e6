// tingan verify: proves a data folder or an export.
#include <boost/json.hpp>
#include <fstream>
#include <iostream>

#include "app/log_verbs.h"
#include "base/file.h"
#include "codec/describe_json.h"
#include "codec/record_json.h"
#include "runtime/log_export.h"
#include "runtime/node_identity.h"
#include "store/files/blob_folder.h"
#include "store/sqlite/log_reader.h"

namespace tingan {
namespace {

struct Request {
  std::string path;
  std::string key_file;
  std::vector<std::string> anchor_files;
  std::vector<std::string> heads;
  bool unsigned_ok = false;
  bool json = false;
};

std::string fault_name(Fault fault) {
  std::string name(enum_name(fault));
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

std::string place_of(const BadRecord& bad) {
  std::string place = bad.unit.empty() ? "" : fmt::format("{}/{}", bad.unit.str(), bad.seq);
  if (bad.line != 0) place += fmt::format("{}line {}", place.empty() ? "" : ", ", bad.line);
  if (bad.gseq != 0) place += fmt::format("{}record {}", place.empty() ? "" : ", ", bad.gseq);
  return place;
}

Text verdict_text(const VerifyReport& report) {
  if (report.bad) {
    const std::string place = place_of(*report.bad);
    return {fmt::format("有误：{}：{} [{}]", place, report.bad->what.zh, fault_name(report.bad->fault)),
            fmt::format("Bad: {}: {}", place, report.bad->what.en)};
  }
  const std::string anchored_zh = report.anchors_checked == 0 ? "未与外部锚点比对，截尾和回退看不出来"
                                                              : fmt::format("与 {} 处锚点相符", report.anchors_checked);
  const std::string anchored_en = report.anchors_checked == 0
                                      ? "held to no anchor: a cut tail or an older copy would not show"
                                      : fmt::format("{} anchors met", report.anchors_checked);
  if (report.verdict() == Verdict::unsigned_) {
    return {
        fmt::format("签名未校验：{} 个单位的 {} 条记录前后相连、照片和录音 {} 份未变，但不知应由谁签名：用 --key 给出"
                    "节点公钥，或加 --unsigned-ok [unsigned]；{}",
                    report.units, report.records, report.blobs, anchored_zh),
        fmt::format("Unsigned: {} records of {} units are linked and {} pictures and recordings are as they were, but "
                    "no signature was checked: name the node's public key with --key, or say --unsigned-ok; {}",
                    report.records, report.units, report.blobs, anchored_en)};
  }
  std::string signer = public_key_text(report.signer);
  signer.pop_back();
  return {fmt::format("完好：{} 个单位的 {} 条记录，签名 {} 处，照片和录音 {} 份，签名者 {}；{}", report.units,
                      report.records, report.signatures_checked, report.blobs, signer, anchored_zh),
          fmt::format("Sound: {} records of {} units, {} signatures, {} pictures and recordings, signed by {}; {}",
                      report.records, report.units, report.signatures_checked, report.blobs, signer, anchored_en)};
}

boost::json::value to_json(const VerifyReport& report, std::size_t anchors) {
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
  boost::json::array chains;
  for (const AnchorHead& head : report.heads) {
    chains.push_back({{"unit", head.unit.str()}, {"seq", head.seq}, {"head", head.hash}});
  }
  const Verdict verdict = report.verdict();
  const Text said = verdict_text(report);
  return {{"sound", verdict == Verdict::sound},
          {"verdict", verdict == Verdict::sound ? "sound"
                      : verdict == Verdict::bad ? "bad"
                                                : "unsigned"},
          {"text", {{"zh", said.zh}, {"en", said.en}}},
          {"records", report.records},
          {"units", report.units},
          {"chains", std::move(chains)},
          {"batches", report.batches},
          {"signatures", {{"checked", report.signatures_checked}, {"unchecked", report.signatures_unchecked}}},
          {"evidence", report.blobs},
          {"blobs", {{"checked", report.blobs}, {"missing", report.blobs_missing}, {"changed", report.blobs_changed}}},
          {"anchors", {{"given", anchors}, {"checked", report.anchors_checked}}},
          {"signer", report.signer.empty() ? boost::json::value(nullptr) : boost::json::value(signer)},
          {"bad", bad}};
}

// The heads that anchors name: each a file that begins with a signed manifest (an export is one, too), or a head as it
// is printed. `signer`: who signed the first file.
Expected<std::vector<AnchorHead>> read_anchors(const Request& request, std::string& signer) {
  std::vector<AnchorHead> anchors;
  for (const std::string& file : request.anchor_files) {
    std::ifstream in(file, std::ios::binary);
    std::string line;
    if (!in || !std::getline(in, line)) {
      return fail("file.unreadable", {"无法读取锚点文件", "Expected to read the anchor, but it cannot be read"}, file);
    }
    const auto manifest = read_signed_manifest(line);
    if (!manifest) return fail(manifest.error().code, manifest.error().message, file);
    if (signer.empty()) signer = manifest->node;
    if (signer != manifest->node) {
      return fail("anchor.wrong-signer",
                  {"锚点由别的节点签署", "Expected an anchor of this node, but another node signed it"}, file);
    }
    for (const ExportManifest::Unit& unit : manifest->units) {
      if (unit.count > 0) anchors.push_back({unit.unit, unit.count, to_hex(unit.head)});
    }
  }
  for (const std::string& text : request.heads) {
    auto head = parse_anchor_head(text);
    if (!head) return tl::unexpected(head.error());
    anchors.push_back(std::move(*head));
  }
  return anchors;
}

int refuse(const Error& error, int exit_code) {
  std::cerr << to_string(error) << '\n';
  return exit_code;
}

Expected<VerifyReport> verify_file(const std::string& path, VerifyOptions options) {
  std::ifstream lines(path, std::ios::binary);
  if (!lines) {
    return fail("file.unreadable", {"无法读取文件", "Expected to read the file, but it cannot be opened"}, path);
  }
  return verify_export(lines, options);
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
  // An anchor was signed by the node: whoever brings one need not bring the key as well.
  std::error_code ignored;
  const bool folder = std::filesystem::is_directory(request.path, ignored);
  if (folder && public_key.empty()) {
    const auto identity = NodeIdentity::open(DataFolder{request.path}.node_key());
    if (identity) public_key = (*identity)->public_key();
    if (!identity && identity.error().code != "identity.none") return refuse(identity.error(), kWrongUse);
  }
  const auto anchors = read_anchors(request, public_key);
  if (!anchors) return refuse(anchors.error(), anchors.error().code == "file.unreadable" ? kWrongUse : 1);
  const VerifyOptions options{.public_key = public_key, .anchors = *anchors};
  const auto report = folder ? verify_folder({request.path}, options) : verify_file(request.path, options);
  if (!report) {
    // A log too damaged to be read is a failed check; a path with no log in it is wrong use.
    const bool no_log = report.error().code == "store.none" || report.error().code == "file.unreadable";
    return refuse(report.error(), no_log ? kWrongUse : 1);
  }
  fmt::print("{}\n", request.json ? boost::json::serialize(to_json(*report, anchors->size())) : say(*report));
  const bool enough = report->verdict() == Verdict::unsigned_ && request.unsigned_ok;
  return report->verdict() == Verdict::sound || enough ? 0 : 1;
}

}  // namespace

std::string say(const VerifyReport& report) {
  const Text text = verdict_text(report);
  return text.zh + "\n" + text.en;
}

Expected<VerifyReport> verify_folder(const DataFolder& folder, VerifyOptions options) {
  const auto reader = SqliteLogReader::open(folder, CheckHashes::no);
  if (!reader) return tl::unexpected(reader.error());
  if (auto pages = (*reader)->check_pages(); !pages) return tl::unexpected(pages.error());
  BlobFolder blobs(folder.blobs());
  options.blobs = &blobs;
  if (options.public_key.empty()) {
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
  verb->add_option("--anchor", request->anchor_files,
                   "a signed manifest that was kept elsewhere (tingan export --heads, or any export): what it saw must "
                   "still be there");
  verb->add_option("--head", request->heads, "UNIT:NUMBER:HASH from a printed report: must still be there");
  verb->add_flag("--unsigned-ok", request->unsigned_ok, "enough where nobody knows whose signatures to expect");
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
