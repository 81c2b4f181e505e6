// What the compiler does not forbid and the house does: one table of tokens, each with what to use instead, and the
// measures of a file.
#pragma once
#include <functional>

#include "structure/source_tree.h"

namespace tingan::structure {

struct Violation {
  std::string path;
  int line;  // from 1
  std::string what;
};

std::string to_string(const Violation& violation);

// A file that a rule does not hold for, and why.
struct Pardon {
  std::string path;
  std::string why;
};

struct TokenRule {
  std::string token;         // POSIX extended with \b and \w, searched in each line
  std::string instead;       // what to write
  bool in_comments = false;  // otherwise only in code, outside of literals
  bool in_tests = false;     // otherwise only in the product
  std::vector<Pardon> pardons;
};

const std::vector<TokenRule>& token_rules();

std::vector<Violation> check_tokens(const SourceFile& file, const std::vector<TokenRule>& rules);

// Tabs, blanks at a line's end, lines over 120 signs, more than 400 lines, non-ASCII outside comments and literals, no
// end of line at the end; a header without #pragma once or without a word about what it is for.
std::vector<Violation> check_shape(const SourceFile& file);

}  // namespace tingan::structure
