// A callable that may own move-only things (a Responder, a promise) and is called from a completion. std::function
// wants copies and std::move_only_function is C++23.
#pragma once
#include <memory>
#include <type_traits>
#include <utility>

namespace tingan::net {

template <class Signature>
class MoveFunction;

template <class R, class... Args>
class MoveFunction<R(Args...)> {
 public:
  MoveFunction() = default;
  template <class F>
  requires(!std::is_same_v<std::decay_t<F>, MoveFunction> && std::is_invocable_r_v<R, std::decay_t<F>&, Args...>)
      MoveFunction(F&& callable)
      : held_(std::make_unique<Held<std::decay_t<F>>>(std::forward<F>(callable))) {}

  explicit operator bool() const { return held_ != nullptr; }
  // Must hold a callable.
  R operator()(Args... args) { return held_->call(std::forward<Args>(args)...); }

 private:
  struct Base {
    virtual ~Base() = default;
    virtual R call(Args... args) = 0;
  };
  template <class F>
  struct Held final : Base {
    explicit Held(F callable) : f(std::move(callable)) {}
    R call(Args... args) override { return f(std::forward<Args>(args)...); }
    F f;
  };
  std::unique_ptr<Base> held_;
};

}  // namespace tingan::net
