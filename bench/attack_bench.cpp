// A node under everything at once that strangers (and one of its own people) can do: wrong passwords, large bodies,
// held connections, documents, words. Beside it what must go on: declares, the director's sign-in; and the memory.
#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "bench/attack.h"

// attack_bench [declares]
int main(int argc, char** argv) {
  using namespace tingan::bench;
  const unsigned count = argc > 1 ? static_cast<unsigned>(std::stoul(argv[1])) : 400;
  const std::string director = "hall-director@hall-a";
  AttackedNode node(TINGAN_BINARY);
  CHECK(node.runs());
  const std::string who = node.let_in(director);
  const std::string clerk = node.let_in("clerk@hall-a");
  {
    Wire wire(node.port(), "127.0.0.1");
    const Said set = ask(
        wire, "PUT", "/api/v1/units/hall-a/words", who,
        fmt::format(R"({{"password":"{}","stand_down":"24681012","duress":"13579111"}})", AttackedNode::password()));
    CHECK(set.status == 204);
  }
  Wire wire(node.port(), "127.0.0.1");
  const std::string robbery =
      member(ask(wire, "POST", "/api/v1/incidents", who, R"({"unit":"hall-a","type":"robbery"})").text, "id");
  CHECK(!robbery.empty());

  unsigned refused = 0;
  declare(node.port(), who, 20, refused);  // warm
  const std::vector<double> quiet = declare(node.port(), who, count, refused);
  const double memory_before = node.memory_mb();

  std::vector<double> known;
  std::vector<double> unknown;
  std::vector<double> loud;
  unsigned loud_refused = 0;
  Attack attack(node.port());
  attack.guess_passwords(24, director);
  attack.send_bodies(150);
  attack.hold_connections(10000);
  attack.print_papers(64, clerk, "/api/v1/notice-board?unit=hall-a&format=pdf");
  attack.guess_words(36, clerk, robbery);
  std::thread declares([&] { loud = declare(node.port(), who, count, loud_refused); });
  unsigned shut_out = 0;
  for (int i = 0; i < 20; ++i) {
    const Said before = node.sign_in(director, AttackedNode::password(), "127.0.0.1");
    known.push_back(before.ms);
    const Said fresh = node.sign_in("clerk@hall-a", AttackedNode::password(), "127.9.0." + std::to_string(i + 1));
    unknown.push_back(fresh.ms);
    shut_out += (before.status != 200 ? 1U : 0U) + (fresh.status != 200 ? 1U : 0U);
    std::this_thread::sleep_for(std::chrono::milliseconds{500});
  }
  declares.join();
  const double memory_during = node.memory_mb();
  const auto& did = attack.figures();
  attack.stop();
  for (auto* times : {&known, &unknown}) std::sort(times->begin(), times->end());

  fmt::print("attack: {} passwords, {} MB of bodies, {} held connections, {} documents, {} words\n", did.guesses.load(),
             did.body_bytes.load() / 1000000, did.held.load(), did.papers.load(), did.words.load());
  fmt::print("{:44} {:>9} {:>9} {:>9}\n", "", "p50 ms", "p99 ms", "max ms");
  const auto show = [](const char* what, const std::vector<double>& times) {
    fmt::print("{:44} {:9.1f} {:9.1f} {:9.1f}\n", what, percentile(times, 0.5), percentile(times, 0.99),
               percentile(times, 1));
  };
  show("declare, quiet", quiet);
  show("declare, under attack", loud);
  show("sign-in from where one was in before", known);
  show("sign-in from an address never seen", unknown);
  fmt::print("declares refused: {} quiet, {} under attack; sign-ins refused: {}\n", refused, loud_refused, shut_out);
  fmt::print("p99 under attack / quiet: {:.1f}\n", percentile(loud, 0.99) / percentile(quiet, 0.99));
  fmt::print("memory MB: {:.0f} before, {:.0f} under attack, {:.0f} at the most, {:.0f} afterwards\n", memory_before,
             memory_during, node.memory_peak_mb(), node.memory_mb());
}
