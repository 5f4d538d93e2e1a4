/*
 * server/config_file.c - a YAML file to settings.
 * Why:    see config_file.h.
 * Memory: one static buffer of the file's largest size, wiped after use: it may hold a token.
 */
#include "server/config_file.h"

#include <errno.h>
#include <string.h>

#include <fcntl.h>
#include <unistd.h>

#include "core/base/assert.h"
#include "server/config_nearest.h"
#include "server/config_value.h"
#include "server/config_yaml.h"

static_assert(SCR_SETTING_COUNT <= 64, "a 64-bit mask says which keys were seen");

struct file_reading {
    const char *path;
    struct scr_config *config;
    struct scr_config_report *report;
    struct scr_text *error;
    uint64_t seen;
};

/* "http_port (scream.yaml, line 3)" */
static void put_where(struct scr_text *text, const char *key, const char *path, unsigned line)
{
    scr_text_put(text, key);
    scr_text_put(text, " (");
    scr_put_quoted(text, path);
    scr_text_put(text, ", line ");
    scr_text_put_u64(text, line);
    scr_text_put(text, ")");
}

static void warn_unknown(struct file_reading *reading, const char *key, unsigned line)
{
    char chars[SCR_CONFIG_SENTENCE_BYTES_MAX];
    struct scr_text sentence;
    enum scr_setting nearest = scr_setting_nearest(key, false);
    scr_text_init(&sentence, chars, sizeof chars);
    scr_text_put(&sentence, "the key ");
    scr_put_quoted(&sentence, key);
    put_where(&sentence, "", reading->path, line);
    scr_text_put(&sentence, " is unknown and ignored");
    if (nearest != SCR_SETTING_COUNT) {
        scr_text_put(&sentence, "; did you mean ");
        scr_text_put(&sentence, scr_setting_info(nearest)->key);
        scr_text_put(&sentence, "?");
    }
    scr_config_warn(reading->report, &sentence);
}

static enum scr_err on_pair(void *context, const char *key, const char *value, unsigned line)
{
    struct file_reading *reading = context;
    char chars[256];
    struct scr_text where;
    enum scr_setting setting;
    if (!scr_setting_find_key(key, &setting)) {
        warn_unknown(reading, key, line);
        return SCR_OK;
    }
    scr_text_init(&where, chars, sizeof chars);
    put_where(&where, key, reading->path, line);
    if ((reading->seen >> setting & 1) != 0) {
        scr_text_put(reading->error, scr_text_view(&where));
        scr_text_put(reading->error, " is given a second time");
        return SCR_ERR_PARAM_REPEATED;
    }
    reading->seen |= UINT64_C(1) << setting;
    if (value[0] == '\0') {
        return SCR_OK;
    }
    struct scr_setting_value *place = &reading->config->values[setting];
    SCR_TRY(scr_setting_parse(setting, scr_text_view(&where), value, place, reading->error));
    place->origin = SCR_ORIGIN_FILE;
    return SCR_OK;
}

enum scr_err scr_config_read_yaml(const char *path,
                                  const char *bytes,
                                  size_t count,
                                  struct scr_config *config,
                                  struct scr_config_report *report,
                                  struct scr_text *error)
{
    struct file_reading reading = {
        .path = path, .config = config, .report = report, .error = error};
    char chars[256];
    struct scr_text problem;
    scr_text_init(&problem, chars, sizeof chars);
    enum scr_err err = scr_yaml_read(bytes, count, on_pair, &reading, &problem);
    if (problem.used > 0) {
        scr_text_put(error, "the configuration file ");
        scr_put_quoted(error, path);
        scr_text_put(error, ", ");
        scr_text_put(error, scr_text_view(&problem));
    }
    return err;
}

static enum scr_err refuse(struct scr_text *error, const char *path, const char *why)
{
    scr_text_put(error, "the configuration file ");
    scr_put_quoted(error, path);
    scr_text_put(error, " cannot be read: ");
    scr_text_put(error, why);
    return SCR_ERR_IO;
}

/* Reads until the end or until the buffer is full. */
static enum scr_err read_all(int fd, char *bytes, size_t capacity, size_t *count)
{
    size_t used = 0;
    while (used < capacity) {
        ssize_t got = read(fd, bytes + used, capacity - used);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return SCR_ERR_IO;
        }
        if (got == 0) {
            break;
        }
        used += (size_t)got;
    }
    *count = used;
    return SCR_OK;
}

enum scr_err scr_config_read_file(const char *path,
                                  struct scr_config *config,
                                  struct scr_config_report *report,
                                  struct scr_text *error)
{
    static char bytes[SCR_CONFIG_FILE_BYTES_MAX + 1];
    size_t count = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return refuse(error, path, strerror(errno));
    }
    enum scr_err err = read_all(fd, bytes, sizeof bytes, &count);
    int reason = errno;
    (void)close(fd);
    if (err != SCR_OK) {
        return refuse(error, path, strerror(reason));
    }
    if (count == sizeof bytes) {
        err = SCR_ERR_NO_SPACE;
        (void)refuse(error, path, "it is larger than 64 KiB");
    } else {
        err = scr_config_read_yaml(path, bytes, count, config, report, error);
    }
    explicit_bzero(bytes, sizeof bytes);
    return err;
}
