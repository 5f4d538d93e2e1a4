/*
 * core/base/error.c - the error table as arrays.
 * Why:    names and sentences are looked up by number, without a switch to keep in step.
 */
#include "core/base/error.h"

#include "core/base/assert.h"

struct error_row {
    const char *name;
    enum scr_err_class class;
    const char *sentence;
};

static const struct error_row error_rows[SCR_ERR_COUNT] = {
    [SCR_OK] = {"ok", SCR_CLASS_NONE, "All is well."},
#define X(id, name, class, sentence) [SCR_ERR_##id] = {name, SCR_CLASS_##class, sentence},
#include "core/base/error_table.h"
#undef X
};

const char *scr_err_name(enum scr_err err)
{
    SCR_ASSERT((unsigned)err < SCR_ERR_COUNT);
    return error_rows[err].name;
}

enum scr_err_class scr_err_class(enum scr_err err)
{
    SCR_ASSERT((unsigned)err < SCR_ERR_COUNT);
    return error_rows[err].class;
}

const char *scr_err_sentence(enum scr_err err)
{
    SCR_ASSERT((unsigned)err < SCR_ERR_COUNT);
    return error_rows[err].sentence;
}
