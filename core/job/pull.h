/*
 * core/job/pull.h - what asking upstream for the next bytes can answer.
 * Why:    the socket pulls, a 20 ms clock pulls; nothing upstream pushes or waits.
 */
#ifndef SCR_JOB_PULL_H
#define SCR_JOB_PULL_H

enum scr_pull {
    SCR_PULL_DATA,  /* at least one byte was given */
    SCR_PULL_END,   /* the offset is the end; there is nothing more */
    SCR_PULL_AGAIN, /* a slice of work was done, here or by who holds the job: ask again at once */
    SCR_PULL_ERROR  /* the sound cannot be continued; give up */
};

#endif
