// What strangers can do to a node, on loopback and in bounded numbers: used by attack_bench and by the black-box test
// of the same name. Each attacker has an address of its own out of 127.0.0.0/8.
#pragma once
#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace tingan::bench {

// A blocking connection from an address of the caller's choice; every wait ends after some seconds.
class Wire {
 public:
  Wire(std::uint16_t port, const std::string& from);
  ~Wire();
  Wire(Wire&& other) noexcept;
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  Wire& operator=(Wire&&) = delete;

  bool connected() const { return fd_ >= 0; }
  // False when the other end has closed.
  bool send(std::string_view bytes);
  // One answer, head and body; what there is when the connection ends before. Empty: nothing came.
  std::string answer();

 private:
  int fd_ = -1;
  std::string rest_;
};

struct Said {
  int status = 0;  // 0: no answer
  std::string text;
  double ms = 0;
};
// One request over the wire; `head` are whole lines, each with its "\r\n".
Said ask(Wire& wire, std::string_view method, std::string_view path, std::string_view head = {},
         std::string_view body = {});
// The JSON string member of that name, wherever it stands first.
std::string member(const std::string& json, const std::string& name);

// A node without --demo, with the demo's organisation, and its people as they come in over its own bootstrap. The
// process ends with the object.
class AttackedNode {
 public:
  explicit AttackedNode(const std::string& binary);
  ~AttackedNode();
  AttackedNode(const AttackedNode&) = delete;
  AttackedNode& operator=(const AttackedNode&) = delete;

  bool runs() const { return port_ != 0; }
  std::uint16_t port() const { return port_; }
  // Resident memory in MB, now and at the most so far.
  double memory_mb() const { return status_mb("VmRSS:"); }
  double memory_peak_mb() const { return status_mb("VmHWM:"); }

  // Gives the person a password of its own, signs in from `from`, and gives the header lines to send along.
  std::string let_in(const std::string& person, const std::string& from = "127.0.0.1");
  static const char* password();
  // Signs in; the answer and how long it took, connecting included.
  Said sign_in(const std::string& person, const std::string& password, const std::string& from) const;

 private:
  double status_mb(const char* field) const;
  std::string first_password() const;

  std::filesystem::path folder_;
  std::string admin_;  // header lines
  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
};

// Several attackers at the same time, each on threads of its own, until the object goes or is told to stop.
class Attack {
 public:
  explicit Attack(std::uint16_t port) : port_(port) {}
  ~Attack() { stop(); }
  Attack(const Attack&) = delete;
  Attack& operator=(const Attack&) = delete;

  // Wrong passwords for many names and for `victim`, each thread from an address of its own.
  void guess_passwords(unsigned threads, const std::string& victim);
  // Bodies of eight megabytes by nobody, as fast as they are taken.
  void send_bodies(unsigned threads);
  // Connections of one address, each with a body announced and one byte of it sent; opened again as they are closed.
  void hold_connections(unsigned count);
  // Documents by somebody signed in, `at_once` of them.
  void print_papers(unsigned at_once, const std::string& who, const std::string& path);
  // Wrong words by somebody of the hall, `at_once` of them.
  void guess_words(unsigned at_once, const std::string& who, const std::string& incident);
  void stop();

  struct Figures {
    std::atomic<std::uint64_t> guesses{0};
    std::atomic<std::uint64_t> body_bytes{0};
    std::atomic<std::uint64_t> held{0};
    std::atomic<std::uint64_t> papers{0};
    std::atomic<std::uint64_t> words{0};
  };
  const Figures& figures() const { return figures_; }

 private:
  void run(std::function<void()> work) { threads_.emplace_back(std::move(work)); }

  const std::uint16_t port_;
  std::atomic<bool> stopping_{false};
  Figures figures_;
  std::vector<std::thread> threads_;
};

// Declares by `who`, one after the other at a pace that the rate for a person allows; milliseconds each, sorted. Those
// that were refused are not in it and are counted in `refused`.
std::vector<double> declare(std::uint16_t port, const std::string& who, unsigned count, unsigned& refused);
double percentile(const std::vector<double>& sorted, double share);

}  // namespace tingan::bench
