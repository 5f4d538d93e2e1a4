# cmake/stamp_version.cmake - writes the definitions of core/base/version.h.
# Flow:   run as a script in every build; the file is touched only when its text changes.
# Why:    the date is that of SOURCE_DATE_EPOCH, else of the commit, else today's: two builds of one
#         commit are the same bytes.

function(ask_git out)
    set(${out} "" PARENT_SCOPE)
    if(GIT)
        execute_process(COMMAND "${GIT}" -C "${SOURCE_DIR}" ${ARGN} OUTPUT_VARIABLE text
                        ERROR_QUIET RESULT_VARIABLE failed OUTPUT_STRIP_TRAILING_WHITESPACE)
        if(NOT failed)
            set(${out} "${text}" PARENT_SCOPE)
        endif()
    endif()
endfunction()

if(COMMIT STREQUAL "")
    ask_git(COMMIT rev-parse --short=12 HEAD)
    ask_git(changes status --porcelain --untracked-files=no)
    if(COMMIT AND changes)
        string(APPEND COMMIT "-changed")
    endif()
endif()
if(COMMIT STREQUAL "")
    set(COMMIT "unknown")
endif()
if(NOT DEFINED ENV{SOURCE_DATE_EPOCH})
    ask_git(seconds log -1 --format=%ct)
    if(seconds)
        set(ENV{SOURCE_DATE_EPOCH} "${seconds}")
    endif()
endif()
# string(TIMESTAMP) honours SOURCE_DATE_EPOCH by itself.
string(TIMESTAMP date "%Y-%m-%d" UTC)

file(CONFIGURE OUTPUT "${OUTPUT}" @ONLY CONTENT [=[
/* Made by cmake/stamp_version.cmake; edits are lost. */
#include "core/base/version.h"

const char scr_version[] = "@VERSION@";
const char scr_version_commit[] = "@COMMIT@";
const char scr_version_date[] = "@date@";
]=])
