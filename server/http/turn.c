/*
 * server/http/turn.c - passes, laps and newcomers.
 * Why:    see turn.h. The library does not say when a pass begins; but when a stream is asked for
 *         the second time in one pass, another has begun. Only the daemon's oldest connection may
 *         be asked twice in each: before all others too, when the library looks for those whose
 *         time is over. It is if it has nothing to send: whose last asking gave bytes comes first
 *         to send them.
 */
#include "server/http/turn.h"

#include <poll.h>
#include <stddef.h>

#include "core/base/assert.h"
#include "core/base/limits.h"

/* Looking costs a system call; blocks of PCM are ready every few microseconds. */
#define LOOK_NS INT64_C(100000)
/* Before anybody renders in a pass: the last stream of an idle pass should have looked. */
#define LOOK_IDLE_NS INT64_C(5000)

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
    member->turn->must_hear = true;
}

/* Whether somebody waits; not asked again before pause_ns have passed. */
static bool look(struct scr_turn *turn, int64_t pause_ns)
{
    int64_t now_ns = scr_clock_now_ns(turn->clock);
    if (now_ns - turn->looked_ns < pause_ns) {
        return false;
    }
    struct pollfd daemon = {.fd = turn->epoll_fd, .events = POLLIN};
    bool waits = poll(&daemon, 1, 0) > 0;
    if (waits) {
        turn->must_hear = true;
        turn->left_ns = 0;
    }
    turn->looked_ns = now_ns;
    return waits;
}

/* Between two pages. */
static bool is_over(void *context)
{
    return look(context, LOOK_NS);
}

static void begin_pass(struct scr_turn *turn)
{
    turn->pass += 1;
    if (turn->must_hear && scr_clock_now_ns(turn->clock) - turn->worked_ns < SCR_NEWCOMERS_NS) {
        turn->must_hear = false;
        turn->left_ns = 0;
        return;
    }
    if (!turn->rendered || turn->streams == 1) {
        turn->lap += 1;
    }
    turn->rendered = false;
    turn->left_ns = SCR_PASS_NS + turn->streams * SCR_PASS_STREAM_NS;
}

/* Whether the library asks before the others have been asked; its next question told, too. */
static bool is_early(const struct scr_turn *turn, struct scr_turn_place *place)
{
    bool early = place->may_be_early && place->member == turn->oldest;
    place->may_be_early = !early;
    return early;
}

/* Whether the place's turn has come, after its first bytes. */
static bool is_due(struct scr_turn *turn, struct scr_turn_place *place)
{
    if (is_early(turn, place)) {
        return false;
    }
    if (place->pass == 0) {
        /* With its first bytes it has had its part of this pass: others may wait for theirs. */
        place->pass = turn->pass;
        return false;
    }
    if (place->pass == turn->pass) {
        begin_pass(turn);
    }
    place->pass = turn->pass;
    if (!turn->must_hear) {
        (void)look(turn, LOOK_IDLE_NS);
    }
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
        turn->must_hear = true;
        ns = turn->streams == 1 ? ns : smaller(ns, turn->left_ns);
    }
    turn->began_ns = scr_clock_now_ns(turn->clock);
    *slice = (struct scr_slice){.ns = ns, .is_over = is_over, .context = turn};
    return true;
}

void scr_turn_end(struct scr_turn_place *place, bool gave)
{
    struct scr_turn *turn = place->turn;
    place->may_be_early = place->may_be_early && !gave;
    turn->worked_ns = scr_clock_now_ns(turn->clock);
    turn->left_ns -= turn->worked_ns - turn->began_ns;
}
