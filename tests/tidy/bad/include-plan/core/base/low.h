/*
 * core/base/low.h - an example of what the rule include-plan refuses.
 */
#include "core/job/high.h"
