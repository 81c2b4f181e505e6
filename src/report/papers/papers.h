// The papers of emergency acceptance: the customer's slip, packs of blank numbered forms for hours without electricity,
// the notice board (S4.4), the list of home visits and the reconciliation. Chinese first, English under it. Pure: what
// they show comes in, personal data masked already; the same input gives the same bytes. Errors of all of them:
// `report.font-missing`, `report.pdf-failed`, `report.qr-failed`.
#pragma once
#include <string>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "model/business_type.h"

namespace tingan::report {

struct PaperHead {
  Text hall;
  Text address;
  std::string phone;
  bool drill = false;
  Instant made{};
  Zone zone;
};

// "hall-a-000123" and the two digits that catch a misread number.
struct PaperNumber {
  std::string number;
  std::string check;
};
// What the QR code says: number and check, nothing of the customer.
std::string qr_text(const PaperNumber& number);

enum class SlipPaper : std::uint8_t { a5, receipt };  // receipt: a roll of 80 mm

struct CustomerSlip {
  PaperHead head;
  SlipPaper paper = SlipPaper::a5;
  PaperNumber number;
  bool callback = false;
  Text business;
  std::string name;    // masked
  std::string mobile;  // masked
  std::string amount;  // yuan; empty: none
  Instant taken_at{};
  PromiseKind promise = PromiseKind::done;
  Instant due{};
  std::vector<Text> documents;  // that the customer needs when the business is done in person
};
Expected<std::string> slip_pdf(const CustomerSlip& slip);

struct PaperPack {
  PaperHead head;
  std::uint32_t pack = 0;
  BusinessTypePtr business;      // nullptr: a form for any business
  std::vector<Text> businesses;  // to choose from on a form for any
  std::vector<PaperNumber> numbers;
};
Expected<std::string> pack_pdf(const PaperPack& pack);

struct OtherHall {
  Text name;
  Text address;
  std::string phone;
};
struct NoticeBoard {
  PaperHead head;
  Text title;
  Text opening;                   // what has happened
  std::vector<Text> acceptable;   // what can be pre-accepted; empty: nothing
  std::vector<OtherHall> others;  // where to go instead
};
Expected<std::string> notice_board_pdf(const NoticeBoard& board);

struct VisitRow {
  std::string number;
  Text business;
  std::string name;
  std::string mobile;
  std::string address;
  std::string district;
  std::string visitor;  // name; empty: nobody yet
  Instant due = kNever;
};
struct VisitList {
  PaperHead head;
  bool in_full = false;  // names and addresses unmasked: for who goes
  std::vector<VisitRow> rows;
};
Expected<std::string> visit_list_pdf(const VisitList& list);

struct CountRow {
  Text title;
  std::uint32_t taken = 0;
  std::uint32_t entered = 0;
  std::uint32_t rejected = 0;
  std::uint32_t handed_back = 0;
  std::uint32_t waiting = 0;
};
struct BlockRow {
  Text holder;  // a device or a pack
  std::string first;
  std::string last;
  std::uint32_t taken = 0;
  std::uint32_t voided = 0;
  std::uint32_t unused = 0;
  std::string missing;  // "000012-000014, 000020"; empty: none
};
struct OrderLine {
  std::string number;
  Text business;
  Text state;
  Instant due{};
};
struct ReconciliationSheet {
  PaperHead head;
  Text of;  // the incident, or all
  bool reconciled = false;
  std::vector<CountRow> counts;
  std::vector<BlockRow> blocks;
  std::vector<OrderLine> waiting;
  std::vector<OrderLine> broken;
};
Expected<std::string> reconciliation_pdf(const ReconciliationSheet& sheet);

using Paper = std::variant<CustomerSlip, PaperPack, NoticeBoard, VisitList, ReconciliationSheet>;
Expected<std::string> paper_pdf(const Paper& paper);

// "11月25日（星期三）上午10点半" / "Wed 25 Nov, 10:30".
Text say_when(Instant at, Zone zone);

}  // namespace tingan::report
