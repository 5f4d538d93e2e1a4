/*
 * tests/unit/http/turn_test.c - whose turn it is, without a library and without sockets.
 * Aim:    each stream renders once in a lap; a pass is bounded; first bytes never wait; a newcomer
 *         ends the slice and is heard before anybody renders again, also one whose event the
 *         library has taken already; a flood of newcomers does not stop the streams; the oldest
 *         connection, asked twice in a pass, counts once.
 * Method: a ring of streams is asked in the library's order on a clock that the test moves; an
 *         eventfd in an epoll set stands for the daemon's.
 */
#include "server/http/turn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/limits.h"
#include "tests/support/fake_clock.h"

enum {
    STREAMS_MAX = 600,
    PASS_NS = 10000, /* of a pass in which nobody renders */
    PAGE_NS = 200000
};

static struct fake_clock fake;
static struct scr_turn turn;
static struct scr_turn_member oldest; /* a connection without a stream, unless a test takes it */
static struct scr_turn_member members[STREAMS_MAX];
static struct scr_turn_place places[STREAMS_MAX];
static int event_fd;
static int rendered[STREAMS_MAX];
static bool comes_in_a_page; /* somebody, while the next page is rendered */

static int set_up(void **state)
{
    (void)state;
    fake_clock_init(&fake);
    int epoll_fd = epoll_create1(0);
    event_fd = eventfd(0, 0);
    struct epoll_event event = {.events = EPOLLIN};
    assert_int_equal(epoll_ctl(epoll_fd, EPOLL_CTL_ADD, event_fd, &event), 0);
    scr_turn_init(&turn, epoll_fd, &fake.clock);
    scr_turn_join(&turn, &oldest);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    scr_turn_quit(&oldest);
    assert_null(turn.oldest);
    assert_null(turn.newest);
    assert_int_equal(turn.streams, 0);
    (void)close(event_fd);
    (void)close(turn.epoll_fd);
    return 0;
}

static void somebody_comes(void)
{
    uint64_t one = 1;
    assert_int_equal(write(event_fd, &one, sizeof one), sizeof one);
}

static void somebody_is_heard(void)
{
    uint64_t seen = 0;
    assert_int_equal(read(event_fd, &seen, sizeof seen), sizeof seen);
    scr_turn_heard(&oldest);
}

static void begin_streams(int count)
{
    struct scr_slice slice;
    for (int i = 0; i < count; i += 1) {
        rendered[i] = 0;
        scr_turn_join(&turn, &members[i]);
        scr_turn_enter(&members[i], &places[i]);
        assert_true(scr_turn_begin(&places[i], true, &slice));
        scr_turn_end(&places[i], true);
    }
}

static void end_streams(int count)
{
    for (int i = 0; i < count; i += 1) {
        scr_turn_leave(&places[i]);
        scr_turn_quit(&members[i]);
    }
}

/* Asks one stream; when it may, it works until its slice is over. */
static bool ask(int i)
{
    struct scr_slice slice;
    if (!scr_turn_begin(&places[i], false, &slice)) {
        return false;
    }
    int64_t worked_ns = 0;
    do {
        fake_clock_advance(&fake, PAGE_NS);
        worked_ns += PAGE_NS;
        if (comes_in_a_page) {
            comes_in_a_page = false;
            somebody_comes();
        }
    } while (worked_ns < slice.ns && !slice.is_over(slice.context));
    scr_turn_end(&places[i], true);
    rendered[i] += 1;
    return true;
}

/* One pass over the ring; returns how many rendered. */
static int pass(int count)
{
    int busy = 0;
    fake_clock_advance(&fake, PASS_NS);
    for (int i = 0; i < count; i += 1) {
        busy += ask(i) ? 1 : 0;
    }
    return busy;
}

/* Until a pass in which somebody renders is over. */
static void pass_until_busy(int count)
{
    while (pass(count) == 0) {
        continue;
    }
}

/* Nothing but a pass without rendering lies between two slices. */
static void a_single_stream_renders_whole_slices(void **state)
{
    (void)state;
    struct scr_slice slice;
    begin_streams(1);
    pass_until_busy(1);
    for (int i = 0; i < 10; i += 1) {
        assert_int_equal(pass(1), 0);
        assert_true(scr_turn_begin(&places[0], false, &slice));
        assert_int_equal(slice.ns, SCR_SLICE_NS);
        fake_clock_advance(&fake, SCR_SLICE_NS);
        scr_turn_end(&places[0], true);
    }
    end_streams(1);
}

static void each_renders_once_in_a_lap(void **state)
{
    (void)state;
    enum {
        COUNT = 32
    };
    begin_streams(COUNT);
    assert_int_equal(pass(COUNT), 0); /* the second asking of each follows its first bytes */
    for (int i = 0; i < 2000; i += 1) {
        int64_t before_ns = scr_clock_now_ns(&fake.clock);
        (void)pass(COUNT);
        int64_t spent_ns = scr_clock_now_ns(&fake.clock) - before_ns;
        assert_true(spent_ns <= SCR_PASS_NS + COUNT * SCR_PASS_STREAM_NS + SCR_SLICE_NS);
        for (int j = 1; j < COUNT; j += 1) {
            assert_in_range(rendered[0] - rendered[j] + 1, 0, 2);
        }
    }
    assert_true(rendered[0] > 50);
    end_streams(COUNT);
}

static void many_streams_take_short_slices(void **state)
{
    (void)state;
    struct scr_slice slice;
    begin_streams(STREAMS_MAX);
    (void)pass(STREAMS_MAX);
    while (!scr_turn_begin(&places[0], false, &slice)) {
        (void)pass(STREAMS_MAX);
    }
    assert_int_equal(slice.ns, SCR_LAP_NS / STREAMS_MAX);
    scr_turn_end(&places[0], true);
    end_streams(STREAMS_MAX);
}

static void a_newcomer_ends_the_slice(void **state)
{
    (void)state;
    enum {
        COUNT = 8
    };
    begin_streams(COUNT);
    for (int i = 0; i < 50; i += 1) {
        pass_until_busy(COUNT);
        comes_in_a_page = true;
        int64_t before_ns = scr_clock_now_ns(&fake.clock);
        pass_until_busy(COUNT);
        /* The page in hand, and idle passes: one before, one where the lap is over. */
        assert_in_range(scr_clock_now_ns(&fake.clock) - before_ns, 0, PAGE_NS + 4 * PASS_NS);
        assert_int_equal(pass(COUNT), 0);
        assert_int_equal(pass(COUNT), 0);
        somebody_is_heard();
    }
    end_streams(COUNT);
}

static void a_newcomer_between_slices_is_heard_first(void **state)
{
    (void)state;
    enum {
        COUNT = 8
    };
    begin_streams(COUNT);
    for (int i = 0; i < 50; i += 1) {
        pass_until_busy(COUNT);
        if (i % 2 == 0) {
            assert_int_equal(pass(COUNT), 0);
        }
        somebody_comes();
        assert_int_equal(pass(COUNT), 0);
        assert_int_equal(pass(COUNT), 0);
        somebody_is_heard();
        assert_int_equal(pass(COUNT), 0);
    }
    end_streams(COUNT);
}

/* The library takes an event and asks the streams before it serves who has come with it. */
static void who_came_unseen_is_heard_before_a_second_slice(void **state)
{
    (void)state;
    for (int count = 1; count <= 4; count += 1) {
        begin_streams(count);
        for (int i = 0; i < 50; i += 1) {
            pass_until_busy(count);
            /* Behind the last page's look; taken, and so invisible, as the next pass begins. */
            assert_int_equal(pass(count), 0);
            scr_turn_heard(&oldest);
            /* Who came while that one was heard is taken now. */
            assert_int_equal(pass(count), 0);
            scr_turn_heard(&oldest);
        }
        end_streams(count);
    }
}

static void first_bytes_never_wait(void **state)
{
    (void)state;
    struct scr_slice slice;
    begin_streams(3);
    (void)pass(3);
    (void)pass(3);
    turn.left_ns = 0;
    scr_turn_join(&turn, &members[3]);
    scr_turn_enter(&members[3], &places[3]);
    assert_true(scr_turn_begin(&places[3], true, &slice));
    scr_turn_end(&places[3], true);
    end_streams(4);
}

static void a_flood_does_not_stop_the_streams(void **state)
{
    (void)state;
    begin_streams(4);
    somebody_comes();
    int64_t began_ns = scr_clock_now_ns(&fake.clock);
    for (int i = 0; i < 10000; i += 1) {
        (void)pass(4);
        scr_turn_heard(&oldest); /* and the next one waits already */
        fake_clock_advance(&fake, 100000);
    }
    int64_t spent_ns = scr_clock_now_ns(&fake.clock) - began_ns;
    assert_true(rendered[0] > spent_ns / (8 * SCR_NEWCOMERS_NS));
    somebody_is_heard();
    end_streams(4);
}

static void the_oldest_connection_counts_once(void **state)
{
    (void)state;
    scr_turn_quit(&oldest);
    begin_streams(3);
    int before = 0;
    for (int i = 0; i < 100; i += 1) {
        uint64_t pass_before = turn.pass;
        if (rendered[0] == before && i > 0) {
            /* It has nothing to send, so the library asks whether its time is over. */
            assert_false(ask(0));
        }
        before = rendered[0];
        (void)pass(3);
        assert_int_equal(turn.pass - pass_before, i == 0 ? 0 : 1);
    }
    assert_in_range(rendered[0] - rendered[2] + 1, 0, 2);
    assert_true(rendered[0] > 10);
    end_streams(3);
    scr_turn_join(&turn, &oldest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_single_stream_renders_whole_slices, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_renders_once_in_a_lap, set_up, tear_down),
        cmocka_unit_test_setup_teardown(many_streams_take_short_slices, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_newcomer_ends_the_slice, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_newcomer_between_slices_is_heard_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            who_came_unseen_is_heard_before_a_second_slice, set_up, tear_down),
        cmocka_unit_test_setup_teardown(first_bytes_never_wait, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_flood_does_not_stop_the_streams, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_oldest_connection_counts_once, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
