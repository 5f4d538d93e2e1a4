/*
 * api/door.h - an example of what the rule include-plan refuses.
 */
#include "server/http/body.h"
