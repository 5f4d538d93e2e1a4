/*
 * core/job/pull.h - what asking upstream for the next bytes can answer.
 * Why:    the socket pulls, a 20 ms clock pulls; nothing upstream pushes or waits.
 */
#ifndef SCR_JOB_PULL_H
#define SCR_JOB_PULL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/limits.h"

enum scr_pull {
    SCR_PULL_DATA,  /* at least one byte was given */
    SCR_PULL_END,   /* the offset is the end; there is nothing more */
    SCR_PULL_AGAIN, /* a slice of work was done, here or by who holds the job: ask again at once */
    SCR_PULL_ERROR  /* the sound cannot be continued; give up */
};

/* Whether someone else should be served before more is rendered; asked between two pages. */
typedef bool scr_slice_over_fn(void *context);

/* How long one pull may go on working. The page or block in hand is always completed. */
struct scr_slice {
    int64_t ns;
    scr_slice_over_fn *is_over; /* NULL: nobody else is waiting, ever */
    void *context;
};

/** The longest slice, for whoever serves nobody beside this reader. */
static inline struct scr_slice scr_slice_whole(void)
{
    return (struct scr_slice){.ns = SCR_SLICE_NS};
}

#endif
