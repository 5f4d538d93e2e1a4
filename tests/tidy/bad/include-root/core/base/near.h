/*
 * core/base/near.h - an example of what the rule include-root refuses.
 */
#include "far.h"
