/*
 * tests/tidy/plan_table.h - the floor plan: which room may include which.
 * Reads:  X(folder, the rooms it may include); its own folder is always allowed. Rooms of the plan
 *         that do not exist yet stand here already. CMakeLists.txt says the same to the linker.
 */
#define CORE                                                                                       \
    "core/base core/memory core/dsp core/synth core/codec core/container core/crypto core/job "    \
    "core/json core/net core/mls core/dave core/rtp core/discord core/voice core/picture"
X("core/base", "")
X("core/memory", "core/base")
X("core/dsp", "core/base")
X("core/synth", "core/base core/dsp")
X("core/codec", "core/base")
X("core/container", "core/base")
X("core/crypto", "core/base")
X("core/job", "core/base core/memory core/dsp core/synth core/codec core/container core/crypto")
X("core/json", "core/base")
X("core/net", "core/base")
X("core/mls", "core/base core/memory core/crypto")
X("core/dave", "core/base core/memory core/crypto core/mls")
X("core/rtp", "core/base core/crypto")
X("core/discord", "core/base core/json core/dave")
X("core/voice", "core/base core/net core/job core/crypto core/dave core/rtp core/discord")
X("core/picture", "core/base core/dsp core/job")
X("api", "core/base core/memory core/synth core/codec core/container core/crypto core/job "
         "core/json core/picture core/voice")
X("server/http", CORE " api")
X("server", CORE " api server/http")
#undef CORE
