// CSV and XLSX: what is written is read back the same, and what comes from elsewhere is read as people mean it.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <zip.h>

#include "codec/csv_reader.h"
#include "codec/csv_writer.h"
#include "codec/xlsx_reader.h"
#include "codec/xlsx_writer.h"

namespace tingan {
namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows csv(std::string_view text) {
  const auto read = read_csv(text);
  EXPECT_TRUE(read) << (read ? "" : to_string(read.error()));
  return read ? read->rows : Rows{};
}

const std::vector<std::string>& awkward() {
  static const std::vector<std::string> texts = {
      "",   "=1+1", "+86", "-5",     "@x",    "'",       "'=x",   "''-1", "\"",          "a,b",  "a\nb",   "a\r\nb",
      "\r", "\tx",  " ",   "张三丰", "客,户", "_x0041_", "00123", "1E5",  "13812345678", "\x01", "真\"假", "TRUE"};
  return texts;
}

Rows any_rows() {
  const auto count = *rc::gen::inRange<std::size_t>(0, 6);
  Rows rows;
  for (std::size_t i = 0; i < count; ++i) {
    auto& row = rows.emplace_back();
    const auto cells = *rc::gen::inRange<std::size_t>(0, 6);
    for (std::size_t k = 0; k < cells; ++k) row.push_back(*rc::gen::elementOf(awkward()));
  }
  return rows;
}

// Empty cells at the end of a row and rows at the end are not told apart from nothing in a sheet.
Rows without_empty_ends(Rows rows) {
  for (auto& row : rows) {
    while (!row.empty() && row.back().empty()) row.pop_back();
  }
  while (!rows.empty() && rows.back().empty()) rows.pop_back();
  return rows;
}

std::string archive(const std::vector<std::pair<std::string, std::string>>& parts) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_source_keep(source);
  zip_t* zip = zip_open_from_source(source, ZIP_TRUNCATE, &error);
  for (const auto& [name, text] : parts) {
    zip_file_add(zip, name.c_str(), zip_source_buffer(zip, text.data(), text.size(), 0), 0);
  }
  zip_close(zip);
  zip_source_open(source);
  std::string out;
  std::string piece(65536, '\0');
  for (zip_int64_t got = 0; (got = zip_source_read(source, piece.data(), piece.size())) > 0;)
    out.append(piece, 0, static_cast<std::size_t>(got));
  zip_source_close(source);
  zip_source_free(source);
  return out;
}

std::string workbook(const std::string& sheet, const std::string& strings = "", const std::string& styles = "") {
  std::vector<std::pair<std::string, std::string>> parts = {
      {"xl/workbook.xml",
       "<workbook xmlns:r=\"r\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"rId7\"/></sheets></workbook>"},
      {"xl/_rels/workbook.xml.rels",
       "<Relationships><Relationship Id=\"rId7\" Target=\"worksheets/other.xml\"/></Relationships>"},
      {"xl/worksheets/other.xml", sheet}};
  if (!strings.empty()) parts.emplace_back("xl/sharedStrings.xml", strings);
  if (!styles.empty()) parts.emplace_back("xl/styles.xml", styles);
  return archive(parts);
}

std::string sheet(const std::string& rows) { return "<worksheet><sheetData>" + rows + "</sheetData></worksheet>"; }

}  // namespace

TEST(Csv, IsReadInTheWaysThatProgramsWriteIt) {
  EXPECT_EQ(csv("a,b\r\n1,2\r\n"), (Rows{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(csv("a,b\n1,2"), (Rows{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(csv("a\rb\r"), (Rows{{"a"}, {"b"}}));
  EXPECT_EQ(csv("a,\n,b\n\n\"\"\n"), (Rows{{"a", ""}, {"", "b"}, {}, {""}}));
  EXPECT_EQ(csv("\"x \"\"y\"\", z\",\"1\r\n2\""), (Rows{{"x \"y\", z", "1\r\n2"}}));
  EXPECT_EQ(csv(""), Rows{});
  EXPECT_EQ(csv("\xef\xbb\xbf客户,1"), (Rows{{"客户", "1"}}));
  EXPECT_EQ(csv("\xbf\xcd\xbb\xa7,\xd5\xc5\xc8\xfd"), (Rows{{"客户", "张三"}}));  // GBK, as Excel in China writes
  EXPECT_EQ(csv(std::string("\xff\xfe\xa2\x5b,\0a\0", 8)), (Rows{{"客", "a"}}));
}

TEST(Csv, WhatIsNoCsvIsRefusedWithItsPlace) {
  const auto code = [](std::string_view text) { return read_csv(text).error(); };
  EXPECT_EQ(code("a\nb,\"c").code, "table.quote");
  EXPECT_EQ(code("a\nb,\"c").where, "row 2, column 2");
  EXPECT_EQ(code("\"a\"b").code, "table.quote");
  EXPECT_EQ(code(std::string_view("a\0b", 3)).code, "table.binary");
  EXPECT_EQ(code("\x81").code, "table.encoding");
  EXPECT_EQ(code(std::string(kCellBytesMax + 1, 'x')).code, "table.too-large");
  EXPECT_EQ(code(std::string(kTableColumnsMax + 1, ',')).code, "table.too-large");
  EXPECT_EQ(code(std::string(kTableRowsMax + 1, '\n')).code, "table.too-large");
}

TEST(Csv, NoCellIsAFormulaForASpreadsheet) {
  EXPECT_EQ(write_csv({{{"=1+1", "+1", "-1", "@a", "'=x", "a=b", "'a"}}}),
            "\xef\xbb\xbf'=1+1,'+1,'-1,'@a,''=x,a=b,'a\r\n");
  EXPECT_EQ(write_csv({{{"＝1+1", "＋1", "－1", "＠a", " =1", "a;=1"}}}),
            "\xef\xbb\xbf'＝1+1,'＋1,'－1,'＠a,' =1,\"a;=1\"\r\n");
}

RC_GTEST_PROP(Csv, WhatIsWrittenIsReadBackTheSame, ()) {
  const TextTable table{any_rows()};
  const auto read = read_csv(write_csv(table));
  RC_ASSERT(read.has_value());
  RC_ASSERT(read->rows == table.rows);
}

RC_GTEST_PROP(Xlsx, WhatIsWrittenIsReadBackTheSame, ()) {
  const TextTable table{any_rows()};
  const auto written = write_xlsx({.title = "表", .table = table});
  RC_ASSERT(written.has_value());
  const auto read = read_xlsx(*written);
  RC_ASSERT(read.has_value());
  RC_ASSERT(without_empty_ends(read->rows) == without_empty_ends(table.rows));
}

TEST(Xlsx, CellsShowWhatPeopleSee) {
  const std::string strings =
      "<sst><si><t>客户</t></si><si><r><t>张</t></r><r><t xml:space=\"preserve\"> "
      "三</t></r><rPh><t>x</t></rPh></si></sst>";
  const std::string styles =
      "<styleSheet><numFmts><numFmt numFmtId=\"170\" formatCode=\"yyyy/m/d\"/></numFmts><cellXfs><xf numFmtId=\"0\"/>"
      "<xf numFmtId=\"14\"/><xf numFmtId=\"170\"/></cellXfs></styleSheet>";
  const std::string rows =
      "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"C2\" t=\"s\"><v>1</v></c><c "
      "t=\"inlineStr\"><is><t>x</t></is></c>"
      "<c><v>13812345678</v></c><c><v>1.3812345678E10</v></c><c><v>12.5</v></c><c s=\"1\"><v>46350</v></c>"
      "<c s=\"2\"><v>46350.4375</v></c><c t=\"b\"><v>1</v></c><c t=\"str\"><f>A1</f><v>=y</v></c><c "
      "t=\"s\"><v>99</v></c></row>";
  const auto read = read_xlsx(workbook(sheet(rows), strings, styles));
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(read->rows, (Rows{{},
                              {"客户", "", "张 三", "x", "13812345678", "13812345678", "12.5", "2026-11-24",
                               "2026-11-24 10:30", "TRUE", "=y", ""}}));
}

TEST(Xlsx, BombsEntitiesAndDamageAreRefused) {
  const auto code = [](const std::string& bytes) {
    const auto read = read_xlsx(bytes);
    return read ? std::string("read") : read.error().code;
  };
  EXPECT_EQ(code("PK"), "table.not-xlsx");
  EXPECT_EQ(code(archive({{"a", "b"}})), "table.not-xlsx");
  EXPECT_EQ(code(workbook("<worksheet>")), "table.xml");
  EXPECT_EQ(code(workbook("<!DOCTYPE x [<!ENTITY a \"b\">]>" + sheet(""))), "table.xml");
  const std::string bomb = workbook(sheet(std::string(20 * 1024 * 1024, ' ')));
  EXPECT_LT(bomb.size(), 200U * 1024);
  EXPECT_EQ(code(bomb), "table.too-large");
  EXPECT_EQ(code(workbook(sheet("<row r=\"999999\"/>"))), "table.too-large");
  EXPECT_EQ(code(workbook(sheet("<row r=\"1\"><c r=\"ZZ1\"><v>1</v></c></row>"))), "table.too-large");
  EXPECT_EQ(code(workbook(sheet("<row r=\"2\"/><row r=\"1\"/>"))), "table.xml");
  // One long text shown in many cells.
  std::string rows;
  for (int i = 0; i < 3000; ++i) rows += "<row><c t=\"s\"><v>0</v></c></row>";
  EXPECT_EQ(code(workbook(sheet(rows), "<sst><si><t>" + std::string(8000, 'x') + "</t></si></sst>")),
            "table.too-large");
  std::string cut = *write_xlsx({.title = "a", .table = {{{"b"}}}});
  cut.resize(cut.size() / 2);
  EXPECT_EQ(code(cut), "table.not-xlsx");
}

}  // namespace tingan
