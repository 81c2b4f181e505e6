// tingan export: the log as JSON lines, verifiable elsewhere; also beside a running node.
#include <cstdio>
#include <iostream>

#include "app/log_verbs.h"
#include "app/room_for_copy.h"
#include "base/file.h"
#include "runtime/log_export.h"
#include "runtime/node_clock.h"
#include "runtime/node_identity.h"
#include "store/sqlite/log_reader.h"

namespace tingan {
namespace {

struct Request {
  std::string data;
  std::vector<std::string> units;
  std::string file;
  std::string key_file;
  bool heads_only = false;
};

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

bool write_all(std::FILE* file, std::string_view text) {
  return std::fwrite(text.data(), 1, text.size(), file) == text.size();
}

// Into FILE.part first: under its own name an export is always whole.
Expected<void> write_export(LogReader& reader, Signer& signer, const Request& request) {
  std::vector<UnitId> units;
  for (const std::string& unit : request.units) units.emplace_back(unit);
  const Instant made = NodeClock(from_millis(0)).now();
  const auto to = [&](std::FILE* file) -> Expected<void> {
    if (request.heads_only) {
      const auto heads = present_heads(reader, signer, made);
      if (!heads) return tl::unexpected(heads.error());
      if (write_all(file, signed_manifest_line(*heads, signer)) && std::fflush(file) == 0) return {};
      return fail("export.unwritable", {"无法写出导出文件", "Expected to write the export, but failed"}, request.file);
    }
    const auto done =
        export_log(reader, signer, made, units, [&](std::string_view line) { return write_all(file, line); });
    if (!done) return tl::unexpected(done.error());
    if (std::fflush(file) == 0) return {};
    return fail("export.unwritable", {"无法写出导出文件", "Expected to write the export, but failed"}, request.file);
  };
  if (request.file.empty()) return to(stdout);
  const std::string part = request.file + ".part";
  Expected<void> done;
  {
    const File file(std::fopen(part.c_str(), "wb"));
    if (!file) return fail("export.unwritable", {"无法创建文件", "Expected to create the file, but failed"}, part);
    done = to(file.get());
  }
  std::error_code error;
  if (done) std::filesystem::rename(part, request.file, error);
  if (done && error) done = fail("export.unwritable", {error.message(), error.message()}, request.file);
  if (!done) std::filesystem::remove(part, error);
  return done;
}

Expected<void> run(const Request& request) {
  const DataFolder folder{request.data};
  const auto reader = SqliteLogReader::open(folder, CheckHashes::no);
  if (!reader) return tl::unexpected(reader.error());
  const auto identity = NodeIdentity::open(folder.node_key());
  if (!identity) return tl::unexpected(identity.error());
  if (!request.key_file.empty()) {
    auto done = write_private_file(request.key_file, public_key_text((*identity)->public_key()));
    if (!done) return done;
  }
  // As text it is somewhat larger than in the database, without its indices about as large.
  if (!request.file.empty()) {
    const std::uint64_t bytes = bytes_under(folder.log());
    if (auto room = check_room_for_copy(request.data, request.file, bytes); !room) return room;
  }
  return write_export(**reader, **identity, request);
}

}  // namespace

void add_export(CLI::App& app, int& exit_code) {
  auto request = std::make_shared<Request>();
  CLI::App* verb =
      app.add_subcommand("export", "the log as JSON lines with a signed manifest; the node may be running");
  verb->add_option("--data", request->data, "data folder")->required();
  verb->add_option("--unit", request->units, "only this unit's log (may be given more than once)");
  verb->add_option("-o,--output", request->file, "file to write (default: standard output)");
  verb->add_option("--key-out", request->key_file, "also write the node's public key here, for 'tingan verify --key'");
  verb->add_flag("--heads", request->heads_only,
                 "only the signed heads of all units: an anchor for 'tingan verify --anchor', to be kept elsewhere");
  verb->callback([request, &exit_code] {
    const auto done = run(*request);
    if (!done) std::cerr << to_string(done.error()) << '\n';
    const bool wrong_use = !done && (done.error().code == "store.none" || done.error().code == "export.unknown-unit");
    exit_code = done ? 0 : wrong_use ? 2 : 1;
  });
}

}  // namespace tingan
