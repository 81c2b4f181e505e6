// The parts of an XLSX file. Part of xlsx_reader.cpp.
#pragma once
#include <zip.h>

#include <memory>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "base/error.h"

namespace tingan {

class XlsxArchive {
 public:
  // `bytes` outlives it. Error `table.not-xlsx`.
  static Expected<XlsxArchive> open(std::string_view bytes);

  bool has(const std::string& part) const;
  // Of at most `bytes_max`, whatever the archive claims. Errors `table.not-xlsx` (no such part, damaged),
  // `table.too-large`, `table.xml` (malformed, or with a document type).
  Expected<std::unique_ptr<pugi::xml_document>> xml(const std::string& part, std::size_t bytes_max) const;

 private:
  struct Discard {
    void operator()(zip_t* zip) const { zip_discard(zip); }
  };
  explicit XlsxArchive(zip_t* zip) : zip_(zip) {}

  std::unique_ptr<zip_t, Discard> zip_;
};

// The part of a name behind its namespace prefix.
std::string_view local_name(const pugi::xml_node& node);
pugi::xml_node child(const pugi::xml_node& node, std::string_view local);

}  // namespace tingan
