#include "codec/xlsx_archive.h"

#include <fmt/format.h>

namespace tingan {
namespace {

constexpr zip_int64_t kPartsMax = 1000;

tl::unexpected<Error> not_xlsx(const std::string& where) {
  return fail("table.not-xlsx", {"这不是完好的 XLSX 文件", "Expected an undamaged XLSX file, but it is none"}, where);
}

tl::unexpected<Error> bad_xml(const std::string& where) {
  return fail("table.xml", {"XLSX 里的内容读不懂", "Expected well-formed XML without a document type inside the file"},
              where);
}

}  // namespace

Expected<XlsxArchive> XlsxArchive::open(std::string_view bytes) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  zip_t* zip = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error);
  zip_error_fini(&error);
  if (zip == nullptr) {
    if (source != nullptr) zip_source_free(source);
    return not_xlsx("");
  }
  XlsxArchive archive(zip);
  if (zip_get_num_entries(zip, 0) > kPartsMax) return not_xlsx("");
  return archive;
}

bool XlsxArchive::has(const std::string& part) const { return zip_name_locate(zip_.get(), part.c_str(), 0) >= 0; }

Expected<std::unique_ptr<pugi::xml_document>> XlsxArchive::xml(const std::string& part, std::size_t bytes_max) const {
  zip_file_t* opened = zip_fopen(zip_.get(), part.c_str(), 0);
  if (opened == nullptr) return not_xlsx(part);
  const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> file(opened, &zip_fclose);
  std::string bytes;
  std::string piece(64 * 1024, '\0');
  for (;;) {
    const zip_int64_t got = zip_fread(file.get(), piece.data(), piece.size());
    if (got < 0) return not_xlsx(part);
    if (got == 0) break;
    bytes.append(piece, 0, static_cast<std::size_t>(got));
    if (bytes.size() > bytes_max) {
      return fail("table.too-large",
                  {"表格太大", fmt::format("Expected at most {} bytes of {}, but there are more", bytes_max, part)},
                  part);
    }
  }
  auto document = std::make_unique<pugi::xml_document>();
  const auto flags = pugi::parse_default | pugi::parse_ws_pcdata | pugi::parse_doctype;
  if (!document->load_buffer(bytes.data(), bytes.size(), flags, pugi::encoding_auto)) return bad_xml(part);
  for (const pugi::xml_node& node : document->children()) {
    if (node.type() == pugi::node_doctype) return bad_xml(part);
  }
  return document;
}

std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const auto colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child(const pugi::xml_node& node, std::string_view local) {
  for (const pugi::xml_node& one : node.children()) {
    if (local_name(one) == local) return one;
  }
  return {};
}

}  // namespace tingan
