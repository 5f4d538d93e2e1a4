/*
 * core/base/fine.h - an example in which no rule finds anything.
 */
#ifndef SCR_BASE_FINE_H
#define SCR_BASE_FINE_H

#include <stdint.h>

typedef int (*scr_fine_fn)(void *context);

struct fine {
    void (*free)(void *context);
};

/* A comment may speak of malloc(1) and of typedef; %s (time) is no call. */
static inline void scr_fine(struct fine *fine)
{
    fine->free("rand()");
}

#endif
