/*
 * core/job/fine.h - a room may include the rooms below it, and its own.
 */
#include "core/base/fine.h"
#include "core/job/fine_internal.h"
