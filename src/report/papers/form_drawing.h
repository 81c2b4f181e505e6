// One blank numbered form: boxes and lines to write on, and a stub for the customer to take along.
#pragma once
#include "report/papers/papers.h"
#include "report/pdf/canvas.h"
#include "report/pdf/paper.h"
#include "report/qr_code.h"

namespace tingan::report {

class FormDrawing {
 public:
  FormDrawing(const PaperPack& pack, pdf::Canvas& canvas, double width) : pack_(pack), canvas_(canvas), width_(width) {}

  // 1 where two forms share a page; more gives wider rows to write in.
  void set_spread(double spread) { spread_ = spread; }

  // At the upper left corner; the height that it takes. `room` beyond that goes into the space for the signature.
  double draw(const PaperNumber& number, const QrRows& code, double x, double y, double room = 0);

 private:
  double row() const { return pdf::mm(8.4) * spread_; }
  void head(const PaperNumber& number, const QrRows& code);
  void customer();
  void fields();
  void field(const BusinessField& field);
  void documents();
  void promise_and_signatures();
  void stub(const PaperNumber& number, const QrRows& code);

  // A label with its English twin under it; the width that is left of the row begins at `label_width`.
  void label(const Text& title, bool required, double x, double y, double width);
  void lines(const Text& title, bool required, int count);
  void boxes(const Text& title, bool required, const std::vector<int>& groups, const char* between);
  // Boxes to tick, wrapped; moves down.
  void ticks(const Text& title, bool required, const std::vector<Text>& choices);
  void tick(const Text& choice, double x, double y, double width);

  const PaperPack& pack_;
  pdf::Canvas& canvas_;
  double width_;
  double spread_ = 1;
  double x_ = 0;
  double y_ = 0;
  double room_ = 0;
};

}  // namespace tingan::report
