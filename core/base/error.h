/*
 * core/base/error.h - how a room says that something did not work.
 * Why:    one closed set of errors, so that each can be provoked, documented and mapped to HTTP.
 * Flow:   core returns enum scr_err; api maps its class to a status in one switch.
 * Source: error_table.h holds names and sentences.
 */
#ifndef SCR_BASE_ERROR_H
#define SCR_BASE_ERROR_H

#define SCR_MUST_USE __attribute__((warn_unused_result))

enum scr_err {
    SCR_OK = 0,
#define X(id, name, class, sentence) SCR_ERR_##id,
#include "core/base/error_table.h"
#undef X
    SCR_ERR_COUNT
};

enum scr_err_class {
    SCR_CLASS_NONE,
    SCR_CLASS_INPUT,
    SCR_CLASS_MISSING,
    SCR_CLASS_BUSY,
    SCR_CLASS_PEER,
    SCR_CLASS_INTERNAL
};

/** Stable lower-case name, as in /problems/{name}; "ok" for SCR_OK. Never NULL. Any thread. */
const char *scr_err_name(enum scr_err err);

/** Whose fault it is. SCR_CLASS_NONE for SCR_OK. Any thread. */
enum scr_err_class scr_err_class(enum scr_err err);

/** One English sentence for a stranger. Never NULL. Any thread. */
const char *scr_err_sentence(enum scr_err err);

/*
 * Returns early with the error of a call. The only macro with hidden control flow; allowed only
 * where nothing is owned yet.
 */
#define SCR_TRY(call)                                                                              \
    do {                                                                                           \
        enum scr_err scr_try_err = (call);                                                         \
        if (scr_try_err != SCR_OK) {                                                               \
            return scr_try_err;                                                                    \
        }                                                                                          \
    } while (0)

#endif
