// Fills an order into the templates of a connector.
#pragma once
#include <boost/json.hpp>

#include "model/connector.h"
#include "ports/back_office.h"

namespace tingan::channels {

// What a rule of the connector says of an answer.
EntryOutcome outcome_of(AnswerMeans means);

// How a value is written so that it stays one value there.
enum class Escape { none, json, percent, xml };

// By the media type of a Content-Type header.
Escape escape_for(std::string_view content_type);

class OrderText {
 public:
  explicit OrderText(const OrderToEnter& order);
  // What an order does not have is empty; `fields` and `personal` are JSON objects, in a JSON text as they are.
  std::string fill(const OrderTemplate& text, Escape escape) const;

 private:
  std::string value(const std::string& field) const;

  const OrderToEnter& order_;
  boost::json::object personal_;
};

}  // namespace tingan::channels
