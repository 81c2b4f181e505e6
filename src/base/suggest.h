// "Did you mean ...?": the known word nearest to what was written.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace tingan {

// How many single letters have to be changed, added, dropped or swapped with their neighbour to make `b` of `a`.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The nearest of `known`, or empty when none is near enough to be meant. The beginning of a longer word counts as
// near ("suport" means "support-centre").
std::string closest_word(std::string_view written, const std::vector<std::string>& known);

}  // namespace tingan
