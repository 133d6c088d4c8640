/* SPDX-License-Identifier: MIT */
/* The log's settings are made before threads start and only read afterwards; a line is one write(2)
 * or one syslog(3), so that lines of several threads do not mix. */
#include "darkroom/base.h"

#include "text.h"

#include <stdio.h>
#include <string.h>
#include <syslog.h>

#define PROGRAM "darkroomfs"
#define LOG_LINE_MAX 1024

static enum log_level log_most_detailed = LOG_LEVEL_INFO;
static bool log_to_syslog;

static const struct {
	const char *word;
	int priority;
} levels[] = {
        [LOG_LEVEL_ERROR] = {"error", LOG_ERR},
        [LOG_LEVEL_WARNING] = {"warning", LOG_WARNING},
        [LOG_LEVEL_INFO] = {"info", LOG_INFO},
        [LOG_LEVEL_DEBUG] = {"debug", LOG_DEBUG},
};

void log_setup(enum log_level most_detailed, bool to_syslog)
{
	log_most_detailed = most_detailed;
	if (to_syslog && !log_to_syslog)
		openlog(PROGRAM, LOG_PID, LOG_DAEMON);
	if (!to_syslog && log_to_syslog)
		closelog();
	log_to_syslog = to_syslog;
}

/* A message is one line, whatever names of files are in it. */
static size_t clean_line(char *text, size_t size)
{
	size_t i;

	while (size > 0 && text[size - 1] == '\n')
		size--;
	for (i = 0; i < size; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			text[i] = ' ';
	return size;
}

void log_line(enum log_level level, const char *format, ...)
{
	char line[LOG_LINE_MAX];
	int keep = errno, start, length, r;
	size_t size;
	va_list args;

	if (level > log_most_detailed)
		return;
	start = snprintf(line, sizeof(line), PROGRAM ": %s: ", levels[level].word);
	va_start(args, format);
	length = vsnprintf(line + start, sizeof(line) - (size_t)start, format, args);
	va_end(args);
	if (length < 0)
		length = 0;
	size = (size_t)start + (size_t)length;
	if (size > sizeof(line) - 1)
		size = utf8_cut(line, sizeof(line) - 1);
	size = (size_t)start + clean_line(line + start, size - (size_t)start);
	line[size] = '\0';
	if (log_to_syslog) {
		syslog(levels[level].priority, "%s", line + start);
	} else {
		line[size++] = '\n';
		/* Where this fails nobody is left to be told. */
		r = write_all(STDERR_FILENO, line, size);
		(void)r;
	}
	errno = keep;
}
