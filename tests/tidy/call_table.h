/*
 * tests/tidy/call_table.h - functions with one home, and why.
 * Reads:  X(function, beginnings of the paths that may call it, reason)
 *         Tests and benches may allocate, print and wait; the other rules bind them too.
 */
#define SUITE "tests/ bench/ "
X("malloc", SUITE "core/memory/boot.c", "memory is fixed at start")
X("calloc", SUITE "core/memory/boot.c", "memory is fixed at start")
X("realloc", SUITE "core/memory/boot.c", "memory is fixed at start")
X("reallocarray", SUITE "core/memory/boot.c", "memory is fixed at start")
X("aligned_alloc", SUITE "core/memory/boot.c", "memory is fixed at start")
X("posix_memalign", SUITE "core/memory/boot.c", "memory is fixed at start")
X("strdup", SUITE, "memory is fixed at start")
X("strndup", SUITE, "memory is fixed at start")
X("asprintf", SUITE, "memory is fixed at start")
X("free", SUITE "core/memory/boot.c", "what was made at boot is freed by boot")
X("alloca", "", "stack frames have a known size")
X("strcpy", "", "unbounded; core/base/text.h knows the capacity")
X("strcat", "", "unbounded; core/base/text.h knows the capacity")
X("strncpy", "", "does not end its text; core/base/text.h does")
X("strncat", "", "its limit is not a capacity; core/base/text.h")
X("sprintf", "", "unbounded; core/base/text.h knows the capacity")
X("vsprintf", "", "unbounded; core/base/text.h knows the capacity")
X("gets", "", "unbounded")
X("strtok", "", "keeps hidden state")
X("atoi", SUITE, "hides every error; core/base/text.h reports them")
X("atol", SUITE, "hides every error; core/base/text.h reports them")
X("atoll", SUITE, "hides every error; core/base/text.h reports them")
X("atof", SUITE, "hides every error and reads locales")
/* text.c reads back digits it has just written; number.c has checked a stricter grammar before. */
X("strtod", SUITE "core/base/text.c api/number.c",
  "reads hex, inf, nan and locales; scr_number_real does not")
X("strtof", SUITE, "reads hex, inf, nan and locales; our own parser does not")
X("rand", SUITE, "randomness comes from a seed or core/crypto/random")
X("srand", SUITE, "randomness comes from a seed or core/crypto/random")
X("random", SUITE, "randomness comes from a seed or core/crypto/random")
X("drand48", SUITE, "randomness comes from a seed or core/crypto/random")
X("time", SUITE, "time comes from struct scr_clock")
X("gettimeofday", SUITE, "time comes from struct scr_clock")
/* A timed wait takes an absolute time of the system. */
X("clock_gettime", SUITE "core/base/clock.c core/job/finisher.c",
  "time comes from struct scr_clock")
X("sleep", SUITE, "nothing sleeps; threads wait on what they wait for")
X("usleep", SUITE, "nothing sleeps; threads wait on what they wait for")
X("nanosleep", SUITE, "nothing sleeps; threads wait on what they wait for")
/* A condition variable gives up its mutex while it waits, which scr_lock's holder cannot follow. */
X("pthread_mutex_lock", SUITE "core/base/lock.c core/job/finisher.c server/",
  "a lock knows its holder")
X("pthread_mutex_unlock", SUITE "core/base/lock.c core/job/finisher.c server/",
  "a lock knows its holder")
X("printf", SUITE "server/command_", "only commands speak to a terminal")
X("puts", SUITE "server/command_", "only commands speak to a terminal")
X("putchar", SUITE "server/command_", "only commands speak to a terminal")
X("fprintf", SUITE "server/", "only the program speaks to a terminal")
X("perror", SUITE, "errors are events of the log")
X("setlocale", "", "a locale would change how numbers are read")
X("system", SUITE, "we start no shell")
X("popen", SUITE, "we start no shell")
#undef SUITE
