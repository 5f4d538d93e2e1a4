/*
 * tests/unit/server/log_sink_test.c - the ring, its writer and what happens when nobody reads.
 * Aim:    every line arrives whole and in order while somebody reads; when nobody does, the ring
 *         fills, the rest is dropped and counted, no caller waits, and a stop ends in bounded time.
 * Method: pipes as descriptors; a full pipe is a reader that has stopped; a terminal nobody reads
 *         holds a write.
 */
#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/limits.h"
#include "core/base/stats.h"
#include "core/memory/boot.h"
#include "server/log_sink.h"

#define THREADS 4
#define LINES_EACH 5000

static int ends[2];
static struct scr_log_sink *sink;

static void start(int fd, bool threaded, enum scr_log_level level)
{
    struct scr_log_sink_config config = {
        .fd = fd, .json = true, .threaded = threaded, .level_min = level};
    scr_boot_enter(SCR_BOOT_OPEN);
    assert_int_equal(scr_log_sink_start(&config, &sink), SCR_OK);
}

static void open_pipe(void)
{
    scr_stats_reset();
    assert_int_equal(pipe(ends), 0);
}

/* Reads what is there, as a string. */
static size_t read_some(char *bytes, size_t capacity)
{
    ssize_t got = read(ends[0], bytes, capacity - 1);
    assert_true(got >= 0);
    bytes[got] = '\0';
    return (size_t)got;
}

static void a_line_without_a_thread_is_there_at_once(void **state)
{
    (void)state;
    char bytes[SCR_LOG_LINE_BYTES_MAX];
    open_pipe();
    start(ends[1], false, SCR_LOG_WARN);
    SCR_LOG_EVENT(INFO, "too low", scr_log_u64("n", 1));
    SCR_LOG_EVENT(WARN, "hello", scr_log_u64("n", 2));
    assert_true(read_some(bytes, sizeof bytes) > 0);
    assert_non_null(strstr(bytes, "\"msg\":\"hello\",\"n\":2}\n"));
    assert_null(strstr(bytes, "too low"));
    scr_log_sink_stop(&sink);
    assert_null(sink);
    assert_false(scr_log_wants(SCR_LOG_ERROR));
    scr_log_sink_stop(&sink);
    close(ends[0]);
    close(ends[1]);
    assert_int_equal(scr_boot_bytes(), 0);
}

struct reading {
    uint32_t seen[THREADS]; /* lines of each thread; they come in the thread's order */
    uint64_t dropped;       /* as the lines themselves say */
    uint32_t disorder;
};

static void judge_line(struct reading *reading, const char *line)
{
    unsigned thread = 0;
    unsigned number = 0;
    const char *message = strstr(line, "\"msg\":\"");
    assert_non_null(message);
    if (sscanf(message, "\"msg\":\"line\",\"thread\":%u,\"number\":%u}", &thread, &number) == 2) {
        assert_true(thread < THREADS);
        reading->disorder += number < reading->seen[thread] ? 1 : 0;
        reading->seen[thread] = number + 1;
        return;
    }
    unsigned long long lines = 0;
    assert_int_equal(sscanf(message, "\"msg\":\"log lines dropped\",\"lines\":%llu}", &lines), 1);
    reading->dropped += lines;
}

static void *read_lines(void *context)
{
    struct reading *reading = context;
    FILE *file = fdopen(dup(ends[0]), "r");
    char line[SCR_LOG_LINE_BYTES_MAX + 2];
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        judge_line(reading, line);
    }
    fclose(file);
    return NULL;
}

static void *log_lines(void *context)
{
    const uint64_t *thread = context;
    for (uint64_t i = 0; i < LINES_EACH; i += 1) {
        SCR_LOG_EVENT(INFO, "line", scr_log_u64("thread", *thread), scr_log_u64("number", i));
    }
    return NULL;
}

static void many_threads_lose_nothing_uncounted(void **state)
{
    (void)state;
    static struct reading reading;
    static uint64_t numbers[THREADS] = {0, 1, 2, 3};
    pthread_t reader;
    pthread_t threads[THREADS];
    open_pipe();
    start(ends[1], true, SCR_LOG_INFO);
    assert_int_equal(pthread_create(&reader, NULL, read_lines, &reading), 0);
    for (size_t i = 0; i < THREADS; i += 1) {
        assert_int_equal(pthread_create(&threads[i], NULL, log_lines, &numbers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i += 1) {
        pthread_join(threads[i], NULL);
    }
    scr_log_sink_stop(&sink);
    close(ends[1]);
    pthread_join(reader, NULL);
    close(ends[0]);
    /* A thread's last line may be a dropped one; then the count says so. */
    assert_int_equal(reading.disorder, 0);
    assert_int_equal(reading.dropped, scr_stats_read(SCR_STAT_LOG_DROPPED, 0));
    if (reading.dropped == 0) {
        for (size_t i = 0; i < THREADS; i += 1) {
            assert_int_equal(reading.seen[i], LINES_EACH);
        }
    }
}

/* Fills a pipe until it takes no byte more. */
static void fill_pipe(void)
{
    char bytes[4096] = {0};
    int flags = fcntl(ends[1], F_GETFL);
    assert_int_equal(fcntl(ends[1], F_SETFL, flags | O_NONBLOCK), 0);
    while (write(ends[1], bytes, sizeof bytes) > 0) {
    }
    assert_int_equal(errno, EAGAIN);
    assert_int_equal(fcntl(ends[1], F_SETFL, flags), 0);
}

static void a_full_ring_drops_and_counts(void **state)
{
    (void)state;
    open_pipe();
    fill_pipe();
    start(ends[1], true, SCR_LOG_INFO);
    /* The writer may hold one batch; the ring holds the rest; what comes then is dropped. */
    for (uint32_t i = 0; i < 2 * SCR_LOG_RING_LINES; i += 1) {
        SCR_LOG_EVENT(INFO, "line", scr_log_u64("number", i));
    }
    int64_t dropped = scr_stats_read(SCR_STAT_LOG_DROPPED, 0);
    assert_true(dropped <= SCR_LOG_RING_LINES);
    assert_true(dropped > SCR_LOG_RING_LINES - 4096 / 64);
    /* Nobody ever reads: the stop gives up, and counts what it could not write. */
    scr_log_sink_stop(&sink);
    assert_int_equal(scr_stats_read(SCR_STAT_LOG_DROPPED, 0), 2 * SCR_LOG_RING_LINES);
    close(ends[0]);
    close(ends[1]);
}

static void after_a_jam_the_loss_is_told(void **state)
{
    (void)state;
    static char bytes[1 << 20];
    size_t used = 0;
    open_pipe();
    fill_pipe();
    start(ends[1], true, SCR_LOG_INFO);
    for (uint32_t i = 0; i < 2 * SCR_LOG_RING_LINES; i += 1) {
        SCR_LOG_EVENT(INFO, "line", scr_log_u64("number", i));
    }
    int64_t dropped = scr_stats_read(SCR_STAT_LOG_DROPPED, 0);
    char expected[64];
    snprintf(expected, sizeof expected, "dropped\",\"lines\":%lld}", (long long)dropped);
    /* The jam of zero bytes first, then lines; read until the loss is told. */
    for (;;) {
        ssize_t got = read(ends[0], bytes + used, sizeof bytes - used - 1);
        assert_true(got > 0);
        for (ssize_t i = 0; i < got; i += 1) {
            char *at = bytes + used + i;
            *at = (char)(*at == '\0' ? ' ' : *at);
        }
        used += (size_t)got;
        bytes[used] = '\0';
        if (strstr(bytes, expected) != NULL) {
            break;
        }
    }
    scr_log_sink_stop(&sink);
    close(ends[0]);
    close(ends[1]);
}

static void a_reader_that_left_is_no_hindrance(void **state)
{
    (void)state;
    open_pipe();
    close(ends[0]);
    start(ends[1], true, SCR_LOG_INFO);
    for (uint32_t i = 0; i < 100; i += 1) {
        SCR_LOG_EVENT(INFO, "line", scr_log_u64("number", i));
    }
    scr_log_sink_stop(&sink);
    assert_int_equal(scr_stats_read(SCR_STAT_LOG_DROPPED, 0), 100);
    close(ends[1]);
}

static void a_socket_takes_lines_too(void **state)
{
    (void)state;
    char bytes[SCR_LOG_LINE_BYTES_MAX];
    scr_stats_reset();
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    start(ends[1], true, SCR_LOG_INFO);
    SCR_LOG_EVENT(ERROR, "hello", scr_log_real("x", 0.25));
    assert_true(read_some(bytes, sizeof bytes) > 0);
    assert_non_null(strstr(bytes, "\"level\":\"error\",\"msg\":\"hello\",\"x\":0.25}"));
    scr_log_sink_stop(&sink);
    close(ends[0]);
    close(ends[1]);
}

/*
 * A terminal that still has room for some bytes says that it is writable, and then holds a write
 * of more. Leaves its thread behind; so it comes last.
 */
static void a_stop_ends_though_a_write_hangs(void **state)
{
    (void)state;
    char value[200];
    scr_stats_reset();
    memset(value, 'x', sizeof value - 1);
    value[sizeof value - 1] = '\0';
    int screen = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(screen >= 0);
    assert_int_equal(grantpt(screen), 0);
    assert_int_equal(unlockpt(screen), 0);
    int fd = open(ptsname(screen), O_RDWR | O_NOCTTY);
    assert_true(fd >= 0);
    start(fd, true, SCR_LOG_WARN);
    for (unsigned i = 0; i < SCR_LOG_RING_LINES; i += 1) {
        SCR_LOG_EVENT(WARN, "hello", scr_log_text("value", value));
    }
    scr_log_sink_stop(&sink);
    assert_null(sink);
    assert_false(scr_log_wants(SCR_LOG_ERROR));
}

int main(void)
{
    /* As the program does: a closed pipe is an error of one write. */
    (void)signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_without_a_thread_is_there_at_once),
        cmocka_unit_test(many_threads_lose_nothing_uncounted),
        cmocka_unit_test(a_full_ring_drops_and_counts),
        cmocka_unit_test(after_a_jam_the_loss_is_told),
        cmocka_unit_test(a_reader_that_left_is_no_hindrance),
        cmocka_unit_test(a_socket_takes_lines_too),
        cmocka_unit_test(a_stop_ends_though_a_write_hangs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
