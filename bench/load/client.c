/*
 * bench/load/client.c - connect, send, receive, book.
 * Why:    see client.h.
 */
#include "bench/load/client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define RECEIVE_BYTES ((size_t)256 * 1024)
/* Less than this is cheaper to copy than to skip: a call costs as much. */
#define SKIP_BYTES_MIN 8192
/* Of a listener's answer: its head, and the first sound. */
#define FIRST_BYTES 4096

static char received[RECEIVE_BYTES];

/* ---- What is asked ---- */

static uint64_t next_number(struct load *load)
{
    const struct options *options = load->options;
    uint64_t index = options->trace_from + load->issued;
    load->issued += 1;
    if (options->zipf_urls == 0) {
        return options->first + index;
    }
    uint32_t rank = zipf_draw(&load->zipf, index);
    if (options->lru_bytes > 0 && lru_touch(&load->lru, rank, options->lru_item_bytes)) {
        load->books.ideal_hits += 1;
    }
    return options->first + rank;
}

/* Writes the path with its number instead of '#'. */
static void write_path(char *to, size_t capacity, const char *path, size_t bytes, uint64_t number)
{
    const char *mark = memchr(path, '#', bytes);
    if (mark == NULL) {
        (void)snprintf(to, capacity, "%.*s", (int)bytes, path);
    } else {
        (void)snprintf(to,
                       capacity,
                       "%.*s%llu%.*s",
                       (int)(mark - path),
                       path,
                       (unsigned long long)number,
                       (int)(path + bytes - mark - 1),
                       mark + 1);
    }
}

static void write_request(struct load *load, struct client *client)
{
    const struct options *options = load->options;
    const char *target = options->targets[load->issued % options->target_count];
    const char *path = strchr(target, '/');
    const char *line = strchr(target, '|');
    char full_path[256];
    if (path == NULL) {
        path = target + strlen(target);
    }
    size_t path_bytes = line == NULL ? strlen(path) : (size_t)(line - path);
    int method_chars = path == target ? 0 : (int)(path - target - 1);
    write_path(full_path, sizeof full_path, path, path_bytes, next_number(load));
    int bytes = snprintf(client->request,
                         sizeof client->request,
                         "%.*s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s%s%s\r\n",
                         method_chars == 0 ? 3 : method_chars,
                         method_chars == 0 ? "GET" : target,
                         full_path,
                         options->keep ? "" : "Connection: close\r\n",
                         line == NULL ? "" : line + 1,
                         line == NULL ? "" : "\r\n");
    client->request_bytes = (uint32_t)bytes;
    answer_begin(&client->answer, strncmp(client->request, "HEAD", 4) == 0);
}

/* ---- The connection ---- */

void client_close(struct client *client)
{
    if (client->fd >= 0) {
        (void)close(client->fd);
        client->fd = -1;
    }
    client->state = CLIENT_IDLE;
}

static void fail(struct load *load, struct client *client)
{
    load->books.failed += 1;
    client_close(client);
}

void client_give_up(struct load *load, struct client *client)
{
    fail(load, client);
}

static void watch(struct load *load, struct client *client, uint32_t events, int how)
{
    struct epoll_event event = {.events = events, .data.ptr = client};
    if (epoll_ctl(load->epoll, how, client->fd, &event) != 0) {
        fail(load, client);
    }
}

/* Listeners look at the first bytes as they come, at the rest in their own time. */
static uint32_t reading_events(const struct load *load)
{
    return load->options->play_s > 0 ? EPOLLIN | EPOLLONESHOT : EPOLLIN;
}

static void send_request(struct load *load, struct client *client)
{
    ssize_t sent = send(client->fd, client->request, client->request_bytes, MSG_NOSIGNAL);
    if (sent == (ssize_t)client->request_bytes) {
        client->state = CLIENT_WAITING;
        return;
    }
    fail(load, client);
}

static void open_connection(struct load *load, struct client *client)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(load->options->port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int on = 1;
    client->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (client->fd < 0) {
        fail(load, client);
        return;
    }
    (void)setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    client->was_used = false;
    client->state = CLIENT_CONNECTING;
    if (connect(client->fd, (struct sockaddr *)&address, sizeof address) == 0) {
        watch(load, client, reading_events(load), EPOLL_CTL_ADD);
        send_request(load, client);
    } else if (errno == EINPROGRESS) {
        watch(load, client, EPOLLOUT, EPOLL_CTL_ADD);
    } else {
        fail(load, client);
    }
}

void client_ask(struct load *load, struct client *client, int64_t due_ns)
{
    client->due_ns = due_ns;
    client->saw_first = false;
    client->saw_audio = false;
    client->asked_twice = false;
    load->books.asked += 1;
    write_request(load, client);
    if (client->fd < 0) {
        open_connection(load, client);
        return;
    }
    if (load->options->play_s > 0) {
        watch(load, client, reading_events(load), EPOLL_CTL_MOD);
    }
    send_request(load, client);
}

/* ---- The answer ---- */

static void book_answer(struct load *load, struct client *client, int64_t now_ns)
{
    struct books *books = &load->books;
    const struct answer *answer = &client->answer;
    bool good = answer->status >= 200 && answer->status < 400;
    books->statuses[answer->status >= 0 && answer->status < LOAD_STATUS_MAX ? answer->status : 0] +=
        1;
    books->answered += good ? 1 : 0;
    books->failed += good ? 0 : 1;
    books->known += !answer->is_chunked ? 1 : 0;
    books->body_bytes += answer->body_bytes;
    samples_add(&books->total, now_ns - client->due_ns);
    client->was_used = true;
    if (answer->closes || !load->options->keep) {
        client_close(client);
    } else {
        client->state = CLIENT_IDLE;
    }
}

static void book_progress(struct load *load, struct client *client)
{
    const struct answer *answer = &client->answer;
    bool is_done = answer->state == ANSWER_DONE;
    if (client->saw_audio && !is_done) {
        return;
    }
    int64_t now_ns = load_now_ns();
    if (!client->saw_first && (answer->has_begun || is_done)) {
        client->saw_first = true;
        samples_add(&load->books.first, now_ns - client->due_ns);
        if (!answer->is_chunked) {
            samples_add(&load->books.known_first, now_ns - client->due_ns);
        }
    }
    if (!client->saw_audio && (answer->has_audio || is_done)) {
        client->saw_audio = true;
        samples_add(&load->books.audio, now_ns - client->due_ns);
    }
    if (is_done) {
        book_answer(load, client, now_ns);
    }
}

/* A kept connection may be closed while our request is on its way: it is asked again, once. */
static void lost(struct load *load, struct client *client)
{
    bool silent = client->answer.state == ANSWER_HEAD && client->answer.head_bytes == 0;
    if (silent && client->was_used && !client->asked_twice) {
        client_close(client);
        client->asked_twice = true;
        load->books.reopened += 1;
        open_connection(load, client);
        return;
    }
    answer_end(&client->answer);
    fail(load, client);
}

/* Sound that has begun is not looked at any more: the kernel drops it without a copy. */
static ssize_t receive(struct client *client, size_t count)
{
    struct answer *answer = &client->answer;
    if (!client->saw_audio || answer->left < SKIP_BYTES_MIN) {
        ssize_t got = recv(client->fd, received, count < RECEIVE_BYTES ? count : RECEIVE_BYTES, 0);
        if (got > 0) {
            (void)answer_feed(answer, received, (size_t)got);
        }
        return got;
    }
    size_t wanted = count < answer->left ? count : (size_t)answer->left;
    ssize_t got = recv(client->fd, NULL, wanted, MSG_TRUNC);
    if (got > 0) {
        answer_skip(answer, (size_t)got);
    }
    return got;
}

size_t client_read(struct load *load, struct client *client, size_t count)
{
    ssize_t got = receive(client, count);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return 0;
    }
    if (got <= 0) {
        lost(load, client);
        return 0;
    }
    if (client->answer.state == ANSWER_BROKEN) {
        fail(load, client);
    } else {
        book_progress(load, client);
    }
    return (size_t)got;
}

void client_ready(struct load *load, struct client *client)
{
    if (client->state == CLIENT_CONNECTING) {
        int error = 0;
        socklen_t bytes = sizeof error;
        if (getsockopt(client->fd, SOL_SOCKET, SO_ERROR, &error, &bytes) != 0 || error != 0) {
            fail(load, client);
            return;
        }
        watch(load, client, reading_events(load), EPOLL_CTL_MOD);
        send_request(load, client);
    } else if (client->state == CLIENT_WAITING) {
        bool listens = load->options->play_s > 0;
        (void)client_read(load, client, listens ? FIRST_BYTES : RECEIVE_BYTES);
        /* The head may have come alone. */
        if (listens && client->state == CLIENT_WAITING && !client->saw_audio) {
            watch(load, client, reading_events(load), EPOLL_CTL_MOD);
        }
    } else {
        /* The server ends a kept connection. */
        client_close(client);
    }
}
