/*
 * server/http/refusal_log.h - what the log says of refused connections.
 * Why:    whoever reads the log must learn that clients are turned away, and a flood of them must
 *         not fill it.
 * Rule:   the first refusal of a kind is told at once; what follows is counted, and told together
 *         when a second is over. So no kind has more than one line a second, and none is left out.
 * Thread: acceptor.
 */
#ifndef SCR_SERVER_HTTP_REFUSAL_LOG_H
#define SCR_SERVER_HTTP_REFUSAL_LOG_H

#include <stdbool.h>
#include <stdint.h>

enum scr_refused_for {
    SCR_REFUSED_PLACES,      /* all connections are taken: 503 */
    SCR_REFUSED_OPEN,        /* this client has as many open as it may: 429 */
    SCR_REFUSED_DESCRIPTORS, /* no open file is left: 503 */
    SCR_REFUSED_COUNT
};

struct scr_refusal_count {
    uint64_t untold;
    int64_t quiet_until_ns;
};

struct scr_refusal_log {
    uint16_t port; /* of the listener, for the lines */
    struct scr_refusal_count kinds[SCR_REFUSED_COUNT];
};

/** Nothing was refused yet. */
void scr_refusal_log_init(struct scr_refusal_log *log, uint16_t port);

/** One more was refused. in now_ns at least 0 */
void scr_refusal_log_add(struct scr_refusal_log *log, enum scr_refused_for kind, int64_t now_ns);

/** Tells what is due. */
void scr_refusal_log_tell(struct scr_refusal_log *log, int64_t now_ns);

/** When something is due; INT64_MAX when all is told. */
int64_t scr_refusal_log_next_ns(const struct scr_refusal_log *log);

/** Tells all that is left, due or not. */
void scr_refusal_log_close(struct scr_refusal_log *log);

#endif
