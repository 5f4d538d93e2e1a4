/*
 * server/http/refusal_log.c - counts refused connections into one line a second for each reason.
 * Why:    see refusal_log.h.
 */
#include "server/http/refusal_log.h"

#include "core/base/assert.h"
#include "core/base/log.h"

#define PERIOD_NS INT64_C(1000000000)

static const char *const reasons[SCR_REFUSED_COUNT] = {
    [SCR_REFUSED_PLACES] = "places",
    [SCR_REFUSED_OPEN] = "open",
    [SCR_REFUSED_DESCRIPTORS] = "descriptors",
};

void scr_refusal_log_init(struct scr_refusal_log *log, uint16_t port)
{
    *log = (struct scr_refusal_log){.port = port};
}

static void tell(struct scr_refusal_log *log, uint32_t kind)
{
    SCR_LOG_EVENT(WARN,
                  "connections refused",
                  scr_log_text("reason", reasons[kind]),
                  scr_log_u64("count", log->kinds[kind].untold),
                  scr_log_u64("port", log->port));
    log->kinds[kind].untold = 0;
}

void scr_refusal_log_add(struct scr_refusal_log *log, enum scr_refused_for kind, int64_t now_ns)
{
    SCR_ASSERT(kind < SCR_REFUSED_COUNT && now_ns >= 0);
    log->kinds[kind].untold++;
    scr_refusal_log_tell(log, now_ns);
}

void scr_refusal_log_tell(struct scr_refusal_log *log, int64_t now_ns)
{
    for (uint32_t i = 0; i < SCR_REFUSED_COUNT; i++) {
        if (log->kinds[i].untold > 0 && now_ns >= log->kinds[i].quiet_until_ns) {
            tell(log, i);
            log->kinds[i].quiet_until_ns = now_ns + PERIOD_NS;
        }
    }
}

int64_t scr_refusal_log_next_ns(const struct scr_refusal_log *log)
{
    int64_t next_ns = INT64_MAX;
    for (uint32_t i = 0; i < SCR_REFUSED_COUNT; i++) {
        const struct scr_refusal_count *kind = &log->kinds[i];
        if (kind->untold > 0 && kind->quiet_until_ns < next_ns) {
            next_ns = kind->quiet_until_ns;
        }
    }
    return next_ns;
}

void scr_refusal_log_close(struct scr_refusal_log *log)
{
    for (uint32_t i = 0; i < SCR_REFUSED_COUNT; i++) {
        if (log->kinds[i].untold > 0) {
            tell(log, i);
        }
    }
}
