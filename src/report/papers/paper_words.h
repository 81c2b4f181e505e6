// Words and small drawings that several papers share.
#pragma once
#include "report/papers/papers.h"
#include "report/pdf/canvas.h"
#include "report/pdf/paper.h"
#include "report/pdf/press.h"

namespace tingan::report {

// "Wed 25 Nov 2026, 10:05" has its day: papers lie about for weeks.
Text made_line(const PaperHead& head);
// The head of the promise and what will happen: one sentence each, as a colleague would say them.
Text promise_lead(PromiseKind promise);
std::vector<Text> what_comes_next(const CustomerSlip& slip);
// Empty: nothing needs to be brought.
Text what_to_bring(const CustomerSlip& slip);

// "000123" of "hall-a-000123".
std::string short_number(const PaperNumber& number);

pdf::Imprint imprint_of(const PaperHead& head, const std::string& title);

// Chinese over English, the English smaller and grey; the height of both.
double twin(pdf::Canvas& canvas, const Text& text, pdf::Style style, double x, double y, double width);

}  // namespace tingan::report
