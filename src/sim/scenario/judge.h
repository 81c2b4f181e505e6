// Holds what a line demands against what has happened.
#pragma once
#include "sim/scenario/scenario.h"
#include "sim/scenario/stage.h"

namespace tingan::scenario {

// What is not as demanded, a sentence each; empty: all is. Only what is asked about an incident (`looks_at_incident`).
std::vector<Text> judge(const Expect& expect, const Stage& stage, const std::vector<Entry>& entries, Instant start);

// What is asked about orders and the reconciliation.
std::vector<Text> judge_acceptance(const Expect& expect, const Stage& stage, const std::vector<Entry>& entries,
                                   Instant start);

}  // namespace tingan::scenario
