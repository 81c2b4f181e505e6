#include "tests/blackbox/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <future>

#include "base/check.h"

namespace tingan::blackbox {
namespace {

struct Child {
  pid_t pid = -1;
  int out = -1;
};

// `errors_too`: standard error goes into the same pipe; otherwise it is dropped.
Child start(const std::vector<std::string>& arguments, bool errors_too) {
  int ends[2];
  CHECK(pipe2(ends, O_CLOEXEC) == 0);
  std::vector<std::string> words{TINGAN_BINARY};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const pid_t pid = fork();
  CHECK(pid >= 0);
  if (pid == 0) {
    dup2(ends[1], STDOUT_FILENO);
    const int errors = errors_too ? ends[1] : open("/dev/null", O_WRONLY);
    dup2(errors, STDERR_FILENO);
    execv(argv.front(), argv.data());
    _exit(127);
  }
  close(ends[1]);
  return {pid, ends[0]};
}

std::string read_line(int fd) {
  std::string line;
  char c = 0;
  while (read(fd, &c, 1) == 1 && c != '\n') line += c;
  return line;
}

int reap(pid_t pid) {
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Folder::Folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "tingan-blackbox-XXXXXX").string();
  CHECK(mkdtemp(pattern.data()) != nullptr);
  path_ = pattern;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Environment::Environment(std::string name, const std::string& value) : name_(std::move(name)) {
  setenv(name_.c_str(), value.c_str(), 1);
}

Environment::~Environment() { unsetenv(name_.c_str()); }

Ran try_to_serve(const std::filesystem::path& data, const std::vector<std::string>& arguments) {
  std::vector<std::string> words{"serve", "--data", data.string(), "--listen", "127.0.0.1:0"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const Child child = start(words, true);
  Ran ran;
  char buffer[4096];
  bool listens = false;
  for (ssize_t n = 0; !listens && (n = read(child.out, buffer, sizeof buffer)) > 0;) {
    ran.output.append(buffer, static_cast<std::size_t>(n));
    listens = ran.output.find("listening on http") != std::string::npos;
  }
  if (listens) kill(child.pid, SIGTERM);
  close(child.out);
  const int code = reap(child.pid);
  ran.exit_code = listens ? -1 : code;
  return ran;
}

Ran run(const std::vector<std::string>& arguments) {
  const Child child = start(arguments, true);
  Ran ran;
  char buffer[4096];
  for (ssize_t n = 0; (n = read(child.out, buffer, sizeof buffer)) > 0;) {
    ran.output.append(buffer, static_cast<std::size_t>(n));
  }
  close(child.out);
  ran.exit_code = reap(child.pid);
  return ran;
}

Listening::Listening(const std::vector<std::string>& words) {
  const Child child = start(words, false);
  pid_ = child.pid;
  constexpr std::string_view kListening = "listening on ";
  const std::string line = read_line(child.out);
  close(child.out);
  if (line.starts_with(kListening)) address_ = line.substr(kListening.size());
}

Listening::~Listening() {
  if (pid_ > 0) stop();
}

void Listening::signal(int number) const { ::kill(pid_, number); }

void Listening::kill() {
  signal(SIGKILL);
  wait();
}

int Listening::stop() {
  signal(SIGTERM);
  return wait();
}

int Listening::wait() {
  const int code = reap(pid_);
  pid_ = -1;
  return code;
}

namespace {

std::vector<std::string> words(std::vector<std::string> first, const std::vector<std::string>& more) {
  first.insert(first.end(), more.begin(), more.end());
  return first;
}

}  // namespace

Server::Server(const std::filesystem::path& data, const std::vector<std::string>& arguments)
    : Listening(words({"serve", "--data", data.string(), "--listen", "127.0.0.1:0"}, arguments)) {
  EXPECT_FALSE(address().empty()) << "the node did not start";
}

Office::Office(const std::filesystem::path& file, int port, const std::vector<std::string>& arguments)
    : Listening(
          words({"back-office", "--file", file.string(), "--listen", fmt::format("127.0.0.1:{}", port)}, arguments)) {}

int Office::port() const { return address().empty() ? 0 : std::stoi(address().substr(address().rfind(':') + 1)); }

std::string Reply::header(const std::string& name) const { return std::string(headers.get(name)); }

Client::Client(std::string address, const std::string& ca_file)
    : address_(std::move(address)),
      client_(std::make_unique<net::HttpClient>(net::ClientOptions{.ca_file = ca_file})) {}

int Client::sign_in(const std::string& user) {
  token_.clear();
  const Reply reply = post("/api/v1/session", {{"user", user}, {"password", "tingan-demo"}});
  if (reply.status == 200) token_ = text_at(reply.json, "/token");
  return reply.status;
}

Reply Client::send(net::Method method, const std::string& path, const std::string& body,
                   std::vector<std::pair<std::string, std::string>> headers) {
  net::ClientRequest request;
  request.method = method;
  request.url = address_ + path;
  request.headers = std::move(headers);
  if (!token_.empty()) request.headers.emplace_back("Authorization", "Bearer " + token_);
  request.body = body;
  request.timeout = std::chrono::seconds{20};
  std::promise<Expected<net::ClientResponse>> promise;
  auto future = promise.get_future();
  client_->send(std::move(request),
                [&promise](Expected<net::ClientResponse> response) { promise.set_value(std::move(response)); });
  auto response = future.get();
  Reply reply;
  if (!response) return reply;
  reply.status = response->status;
  reply.text = std::move(response->body);
  reply.headers = std::move(response->headers);
  boost::json::error_code error;
  reply.json = boost::json::parse(reply.text, error);
  return reply;
}

Reply Client::get(const std::string& path, const std::string& accept) {
  std::vector<std::pair<std::string, std::string>> headers;
  if (!accept.empty()) headers.emplace_back("Accept", accept);
  return send(net::Method::kGet, path, "", std::move(headers));
}

Reply Client::post(const std::string& path, const boost::json::value& body, const std::string& key) {
  std::vector<std::pair<std::string, std::string>> headers{{"Content-Type", "application/json"}};
  if (!key.empty()) headers.emplace_back("Idempotency-Key", key);
  return send(net::Method::kPost, path, boost::json::serialize(body), std::move(headers));
}

std::string text_at(const boost::json::value& value, const std::string& pointer) {
  boost::json::error_code error;
  const auto* found = value.find_pointer(pointer, error);
  if (found == nullptr) return {};
  return found->is_string() ? std::string(found->as_string()) : boost::json::serialize(*found);
}

}  // namespace tingan::blackbox
