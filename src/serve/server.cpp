// SPDX-License-Identifier: Apache-2.0
#include "serve/server.hpp"

#include <httplib.h>
#include <poll.h>

#include <chrono>
#include <thread>

#include "core/error.hpp"

namespace coley::serve {

namespace {

using Clock = std::chrono::steady_clock;

/// A connection whose client has so long to send its request and so long again to take the answer, however it spreads its
/// bytes. cpp-httplib's own timeouts begin anew with each byte.
class TimedStream : public httplib::Stream {
 public:
  TimedStream(socket_t socket, double seconds) : socket_(socket), seconds_(seconds), end_(Clock::now() + seconds_) {}

  bool is_readable() const override { return wait(POLLIN); }
  bool is_writable() const override { return wait(POLLOUT); }
  ssize_t read(char* to, std::size_t size) override {
    if (next_ == filled_) {
      if (!wait(POLLIN)) return -1;
      const ssize_t n = recv(socket_, buffer_, sizeof buffer_, 0);
      if (n <= 0) return n;
      next_ = 0;
      filled_ = static_cast<std::size_t>(n);
    }
    const std::size_t n = std::min(size, filled_ - next_);
    std::memcpy(to, buffer_ + next_, n);
    next_ += n;
    return static_cast<ssize_t>(n);
  }
  ssize_t write(const char* from, std::size_t size) override {
    if (!answering_) end_ = Clock::now() + seconds_;
    answering_ = true;
    return wait(POLLOUT) ? send(socket_, from, size, MSG_NOSIGNAL | MSG_DONTWAIT) : -1;
  }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return socket_; }

 private:
  bool wait(short what) const {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end_ - Clock::now()).count();
    pollfd one{socket_, what, 0};
    return left > 0 && poll(&one, 1, static_cast<int>(left)) > 0;
  }

  const socket_t socket_;
  const std::chrono::duration<double> seconds_;
  std::chrono::time_point<Clock, std::chrono::duration<double>> end_;
  bool answering_ = false;
  char buffer_[16384];
  std::size_t next_ = 0, filled_ = 0;
};

Knock knock_of(const httplib::Request& request) {
  const auto header = [&](const char* name) { return request.get_header_value(name); };
  return {request.method, request.path, header("Host"), header("Origin"), header("Sec-Fetch-Site"), header("Authorization"), header("Content-Type"), header("Content-Length")};
}

void send_answer(Answer answer, httplib::Response& response) {
  response.status = answer.status;
  response.set_content(answer.body, answer.type);
}

const httplib::Headers kHeaders{
    {"Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cache-Control", "no-store"},
};

}  // namespace

class Server::Http : public httplib::Server {
 public:
  explicit Http(const Limits& limits) : limits_(limits) {
    new_task_queue = [this] { return new httplib::ThreadPool(limits_.connections); };
    set_payload_max_length(limits_.body_bytes);
    set_default_headers(kHeaders);
    set_tcp_nodelay(true);
  }

  void answer_with(Api& api, Guard& guard) {
    // before the body is read, so that only those who may ask make the server read one
    set_pre_routing_handler([&guard](const httplib::Request& request, httplib::Response& response) {
      const Verdict verdict = guard.judge(knock_of(request));
      if (verdict.status == 0) return HandlerResponse::Unhandled;
      send_answer(refusal(verdict.status, verdict.message), response);
      return HandlerResponse::Handled;
    });
    const auto handle = [&api](const httplib::Request& request, httplib::Response& response) {
      send_answer(api.answer({request.method == "HEAD" ? "GET" : request.method, request.path, request.get_param_value("since"), request.body}), response);
    };
    Get(".*", handle).Post(".*", handle).Delete(".*", handle);
    set_error_handler([](const httplib::Request&, httplib::Response& response) {
      if (response.body.empty()) send_answer(refusal(response.status, "the request cannot be answered"), response);
    });
  }

 private:
  /// One request a connection.
  bool process_and_close_socket(socket_t socket) override {
    TimedStream stream(socket, limits_.request_seconds);
    bool closed = false;
    const bool answered = process_request(stream, true, closed, [](httplib::Request& request) {
      request.headers.erase("Accept-Encoding");  // brotli would take longer than the loopback saves
      request.ranges.clear();                    // many overlapping ranges would be an answer of gigabytes
    });
    shutdown(socket, SHUT_RDWR);
    close(socket);
    return answered;
  }

  const Limits limits_;
};

Server::Server(const Limits& limits, const std::string& address, int port) : http_(std::make_unique<Http>(limits)) {
  port_ = port == 0 ? http_->bind_to_any_port(address) : http_->bind_to_port(address, port) ? port : -1;
  if (port_ > 0) return;
  throw InputError(Fault{.key = "--port", .found = port == 0 ? address : address + ":" + std::to_string(port), .expected = "an address of this machine and a port that is free; --port 0 takes any"});
}

Server::~Server() = default;
int Server::port() const { return port_; }

void Server::stop() {
  for (int i = 0; i < 1000 && !http_->is_running(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  http_->stop();
}

void Server::run(Api& api, Guard& guard) {
  http_->answer_with(api, guard);
  if (!http_->listen_after_bind()) throw RunError("the server cannot listen any more");
}

}  // namespace coley::serve
