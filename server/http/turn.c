/*
 * server/http/turn.c - passes, laps and newcomers.
 * Why:    see turn.h. The library does not say when a pass begins; but when a stream is asked for
 *         the second time in one pass, another has begun. Only the daemon's oldest connection is
 *         asked twice in each (once in its turn, once before all, when the library looks for those
 *         whose time is over): for it every second time counts.
 */
#include "server/http/turn.h"

#include <poll.h>
#include <stddef.h>

#include "core/base/assert.h"
#include "core/base/limits.h"

/* Until a newcomer is heard: its connection is taken in, its bytes are seen. */
#define PASSES_TO_HEAR 2
/* Who came while it was heard stands behind all streams in the next pass. */
#define PASSES_AFTER 1
/* Looking costs a system call; blocks of PCM are ready every few microseconds. */
#define LOOK_NS INT64_C(100000)

void scr_turn_init(struct scr_turn *turn, int epoll_fd, const struct scr_clock *clock)
{
    SCR_ASSERT(epoll_fd >= 0 && clock != NULL);
    *turn = (struct scr_turn){.epoll_fd = epoll_fd, .clock = clock, .pass = 1, .lap = 1};
}

void scr_turn_join(struct scr_turn *turn, struct scr_turn_member *member)
{
    *member = (struct scr_turn_member){.turn = turn, .older = turn->newest};
    if (turn->newest != NULL) {
        turn->newest->newer = member;
    } else {
        turn->oldest = member;
    }
    turn->newest = member;
}

void scr_turn_quit(struct scr_turn_member *member)
{
    struct scr_turn *turn = member->turn;
    if (member->older != NULL) {
        member->older->newer = member->newer;
    } else {
        SCR_ASSERT(turn->oldest == member);
        turn->oldest = member->newer;
    }
    if (member->newer != NULL) {
        member->newer->older = member->older;
    } else {
        SCR_ASSERT(turn->newest == member);
        turn->newest = member->older;
    }
}

void scr_turn_enter(const struct scr_turn_member *member, struct scr_turn_place *place)
{
    member->turn->streams += 1;
    *place = (struct scr_turn_place){.turn = member->turn, .member = member};
}

void scr_turn_leave(const struct scr_turn_place *place)
{
    struct scr_turn *turn = place->turn;
    SCR_ASSERT(turn->streams > 0);
    turn->streams -= 1;
}

void scr_turn_heard(const struct scr_turn_member *member)
{
    member->turn->skips = PASSES_AFTER;
}

/* Between two pages: whether somebody waits. */
static bool is_over(void *context)
{
    struct scr_turn *turn = context;
    int64_t now_ns = scr_clock_now_ns(turn->clock);
    if (now_ns < turn->look_ns) {
        return false;
    }
    struct pollfd daemon = {.fd = turn->epoll_fd, .events = POLLIN};
    bool waits = poll(&daemon, 1, 0) > 0;
    if (waits) {
        turn->skips = PASSES_TO_HEAR;
        turn->left_ns = 0;
    }
    turn->look_ns = now_ns + LOOK_NS;
    return waits;
}

static void begin_pass(struct scr_turn *turn)
{
    turn->pass += 1;
    if (turn->skips > 0 && scr_clock_now_ns(turn->clock) - turn->worked_ns < SCR_NEWCOMERS_NS) {
        turn->skips -= 1;
        turn->left_ns = 0;
        return;
    }
    if (!turn->rendered || turn->streams == 1) {
        turn->lap += 1;
    }
    turn->rendered = false;
    turn->left_ns = SCR_PASS_NS + turn->streams * SCR_PASS_STREAM_NS;
}

/* Whether the place's turn has come, after its first bytes. */
static bool is_due(struct scr_turn *turn, struct scr_turn_place *place)
{
    if (place->member == turn->oldest) {
        place->is_odd = !place->is_odd;
        if (place->is_odd && turn->streams > 1) {
            return false;
        }
    }
    if (place->pass == 0) {
        /* With its first bytes it has had its part of this pass: others may wait for theirs. */
        place->pass = turn->pass;
        return turn->streams == 1;
    }
    if (place->pass == turn->pass) {
        begin_pass(turn);
    }
    place->pass = turn->pass;
    return turn->left_ns > 0 && place->lap != turn->lap;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

bool scr_turn_begin(struct scr_turn_place *place, bool is_first, struct scr_slice *slice)
{
    struct scr_turn *turn = place->turn;
    SCR_ASSERT(turn->streams > 0);
    int64_t ns = smaller(SCR_SLICE_NS, SCR_LAP_NS / turn->streams);
    if (!is_first) {
        if (!is_due(turn, place)) {
            return false;
        }
        place->lap = turn->lap;
        turn->rendered = true;
        ns = turn->streams == 1 ? ns : smaller(ns, turn->left_ns);
    }
    turn->began_ns = scr_clock_now_ns(turn->clock);
    *slice = (struct scr_slice){.ns = ns, .is_over = is_over, .context = turn};
    return true;
}

void scr_turn_end(const struct scr_turn_place *place)
{
    struct scr_turn *turn = place->turn;
    turn->worked_ns = scr_clock_now_ns(turn->clock);
    turn->left_ns -= turn->worked_ns - turn->began_ns;
}
