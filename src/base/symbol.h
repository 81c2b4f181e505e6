// Strong ids. A Symbol<Tag> is a name from a bounded vocabulary (units, people, roles, plan parts): interned, eight
// bytes, compared by pointer. Symbols live as long as the process, so never make one from unauthenticated input: use
// find().
#pragma once
#include <compare>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace tingan {

// The process-wide pool; safe from any thread.
const std::string* intern(std::string_view name);
// The interned name, or nullptr when nobody has interned it.
const std::string* find_interned(std::string_view name);

template <class Tag>
class Symbol {
 public:
  Symbol() : name_(intern({})) {}
  explicit Symbol(std::string_view name) : name_(intern(name)) {}

  static std::optional<Symbol> find(std::string_view name) {
    const std::string* known = find_interned(name);
    if (known == nullptr) return std::nullopt;
    return Symbol(known);
  }
  // From what intern() or find_interned() gave; saves the look-up where one name is used many times.
  static Symbol of_interned(const std::string* interned) { return Symbol(interned); }

  const std::string& str() const { return *name_; }
  bool empty() const { return name_->empty(); }

  friend bool operator==(Symbol a, Symbol b) { return a.name_ == b.name_; }
  // By name, not by address: an order that is the same everywhere.
  friend std::strong_ordering operator<=>(Symbol a, Symbol b) { return *a.name_ <=> *b.name_; }

 private:
  explicit Symbol(const std::string* name) : name_(name) {}
  const std::string* name_;
};

}  // namespace tingan

template <class Tag>
struct std::hash<tingan::Symbol<Tag>> {
  std::size_t operator()(tingan::Symbol<Tag> id) const noexcept { return std::hash<const void*>{}(&id.str()); }
};
