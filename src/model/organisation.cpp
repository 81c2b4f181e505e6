#include "model/organisation.h"

#include "base/check.h"

namespace tingan {

const Unit* find_unit(const Organisation& organisation, UnitId id) {
  for (const Unit& unit : organisation.units) {
    if (unit.id == id) return &unit;
  }
  return nullptr;
}

const Person* find_person(const Organisation& organisation, PersonId id) {
  for (const Person& person : organisation.people) {
    if (person.id == id) return &person;
  }
  return nullptr;
}

const Unit& top_unit(const Organisation& organisation) {
  for (const Unit& unit : organisation.units) {
    if (unit.parent.empty()) return unit;
  }
  CHECK(!"an organisation has a top unit: the codec refuses one without");
  return organisation.units.front();
}

bool is_within(const Organisation& organisation, UnitId unit, UnitId above) {
  while (!unit.empty()) {
    if (unit == above) return true;
    const Unit* here = find_unit(organisation, unit);
    if (here == nullptr) return false;
    unit = here->parent;
  }
  return false;
}

}  // namespace tingan
