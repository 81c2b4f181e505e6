// A `tingan` process of the test's own, and a client that waits for answers.
#pragma once
#include <sys/types.h>

#include <boost/json.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "net/client.h"

namespace tingan::blackbox {

// A fresh folder, removed with the object.
class Folder {
 public:
  Folder();
  ~Folder();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

struct Ran {
  int exit_code = -1;
  std::string output;  // standard output and error together
};

// A word of the environment of every process started while it lives.
class Environment {
 public:
  Environment(std::string name, const std::string& value);
  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  std::string name_;
};

// Starts a node that should refuse to: its exit code and all that it said. -1: it listens (and was ended again).
Ran try_to_serve(const std::filesystem::path& data, const std::vector<std::string>& arguments);

// Runs the verb to its end.
Ran run(const std::vector<std::string>& arguments);

// A process that says `listening on ADDRESS` first; ended by SIGTERM with the object unless it was before.
class Listening {
 public:
  explicit Listening(const std::vector<std::string>& words);
  ~Listening();
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

  // Empty: it ended before it listened.
  const std::string& address() const { return address_; }
  pid_t pid() const { return pid_; }
  void signal(int number) const;
  // SIGKILL, and waits until it is gone.
  void kill();
  // SIGTERM; the exit code.
  int stop();

 private:
  int wait();
  pid_t pid_ = -1;
  std::string address_;
};

// `tingan serve`, ready when the constructor returns. `arguments` come after `serve --data DIR --listen 127.0.0.1:0`.
class Server : public Listening {
 public:
  Server(const std::filesystem::path& data, const std::vector<std::string>& arguments);
};

// `tingan back-office` with its books in `file`; `port` 0: a free one.
class Office : public Listening {
 public:
  Office(const std::filesystem::path& file, int port, const std::vector<std::string>& arguments);
  int port() const;
};

struct Reply {
  int status = 0;  // 0: no answer
  std::string text;
  boost::json::value json;  // null where the body is none
  std::string header(const std::string& name) const;
  net::Headers headers;
};

// One client, signed in or not. Each call waits for its answer.
class Client {
 public:
  explicit Client(std::string address, const std::string& ca_file = {});
  // The demo's password. The answer's status.
  int sign_in(const std::string& user);
  void use(std::string address) { address_ = std::move(address); }
  Reply get(const std::string& path, const std::string& accept = {});
  Reply post(const std::string& path, const boost::json::value& body, const std::string& key = {});
  Reply send(net::Method method, const std::string& path, const std::string& body,
             std::vector<std::pair<std::string, std::string>> headers);

 private:
  std::string address_;
  std::string token_;
  std::unique_ptr<net::HttpClient> client_;
};

std::string text_at(const boost::json::value& value, const std::string& pointer);

}  // namespace tingan::blackbox
