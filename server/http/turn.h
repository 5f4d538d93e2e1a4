/*
 * server/http/turn.h - whose turn it is among the streams of one daemon.
 * Why:    the library serves its connections in a ring, and one that has just asked stands behind
 *         all streams that are being rendered. Long slices cost the least CPU but make the ring
 *         slow, short ones were measured to cost a tenth more. So slices are long, but in one pass
 *         over the ring only some streams render, and the others let their turn pass.
 *
 *   pass 1:  s1 renders  s2 renders  s3 passes  s4 passes
 *   pass 2:  all pass, newcomer is heard
 *   pass 3:  s1 passes   s2 passes   s3 renders s4 renders     \ lap 1: each once
 *   pass 4:  all pass                                          /
 *
 *         A pass begins with the library taking all events that wait, and who came with them
 *         stands behind the streams. So nobody renders in a pass unless nobody has come with it:
 *         the one before was idle, and at its end nobody waited.
 * Flow:   begin -> page, somebody waiting?, page ... -> end. Whether a newcomer waits is asked of
 *         the daemon's own epoll descriptor: poll() sees waiting events and takes none. Then the
 *         slice ends, and nobody renders until the newcomer was heard, and those after it.
 * Limits: a pass renders for SCR_PASS_NS, a little more with many streams; a lap takes some
 *         SCR_LAP_NS. Newcomers keep the streams waiting for SCR_NEWCOMERS_NS at most, and a slice
 *         has one page at least, so streams go on under any flood.
 * Thread: the daemon's alone.
 */
#ifndef SCR_SERVER_HTTP_TURN_H
#define SCR_SERVER_HTTP_TURN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/clock.h"
#include "core/job/pull.h"

struct scr_turn;

/* A connection of the daemon, in the order of their coming. */
struct scr_turn_member {
    struct scr_turn *turn;
    struct scr_turn_member *newer;
    struct scr_turn_member *older;
};

struct scr_turn {
    int epoll_fd; /* of the daemon */
    const struct scr_clock *clock;
    struct scr_turn_member *oldest; /* connections */
    struct scr_turn_member *newest;
    uint32_t streams;  /* bodies that are pulled */
    uint64_t pass;     /* number of the present one, from 1 */
    uint64_t lap;      /* in each, a stream renders once; from 1 */
    bool rendered;     /* somebody, in this pass, or in the last that was not idle */
    bool must_hear;    /* somebody may come with the next pass: it is idle then */
    int64_t left_ns;   /* of rendering in this pass */
    int64_t began_ns;  /* the slice in hand */
    int64_t worked_ns; /* when the last one ended */
    int64_t looked_ns; /* when anybody was looked for */
};

/* What a stream remembers. */
struct scr_turn_place {
    struct scr_turn *turn; /* the member may be somebody else's before the stream ends */
    const struct scr_turn_member *member; /* its connection */
    bool may_be_early; /* should its connection be the oldest, it is asked before all next */
    uint64_t pass;     /* in which it was asked last */
    uint64_t lap;      /* in which it rendered last */
};

/** Nobody has come yet. */
void scr_turn_init(struct scr_turn *turn, int epoll_fd, const struct scr_clock *clock);

/** A connection comes, or goes. */
void scr_turn_join(struct scr_turn *turn, struct scr_turn_member *member);
void scr_turn_quit(struct scr_turn_member *member);

/** A stream on a connection begins, or ends. */
void scr_turn_enter(const struct scr_turn_member *member, struct scr_turn_place *place);
void scr_turn_leave(const struct scr_turn_place *place);

/** A request was heard: who came meanwhile comes with the next pass. */
void scr_turn_heard(const struct scr_turn_member *member);

/**
 * Asks for a slice.
 * in      is_first  the body's first bytes: they leave at once, whoever's turn it is
 * out     slice     how long, when it may render; then scr_turn_end must follow
 * returns false when it lets this turn pass, to be asked again
 */
bool scr_turn_begin(struct scr_turn_place *place, bool is_first, struct scr_slice *slice);

/**
 * The slice is over.
 * in      gave  bytes came of it: the library sends them before it asks again
 */
void scr_turn_end(struct scr_turn_place *place, bool gave);

#endif
