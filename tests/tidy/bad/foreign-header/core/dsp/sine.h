/*
 * core/dsp/sine.h - an example of what the rule foreign-header refuses.
 */
#include <math.h>
