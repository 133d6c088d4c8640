/* SPDX-License-Identifier: MIT */
/* A file is refused with a reason, or comes to names and text that keep every promise. */
#include "darkroom/prompt.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good)
{
	if (!good)
		abort();
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static void check_prompt(const struct prompt *prompt, size_t size)
{
	size_t length = strlen(prompt->text), i;

	check(length <= size && utf8_valid(prompt->text, length, NULL));
	check(length == 0 || (!is_space(prompt->text[0]) && !is_space(prompt->text[length - 1])));
	check(prompt->header.count <= PARAMETERS_MAX);
	for (i = 0; i < prompt->header.count; i++) {
		const struct parameter *item = &prompt->header.items[i];
		size_t name = strlen(item->name);

		check(name > 0 && name <= PARAMETER_NAME_MAX);
		check(strspn(item->name, "abcdefghijklmnopqrstuvwxyz0123456789_.-") == name);
		check(strlen(item->value) <= PARAMETER_VALUE_MAX);
		check(!strpbrk(item->value, "\r\n"));
		check(i == 0 || strcmp(prompt->header.items[i - 1].name, item->name) < 0);
	}
}

static void name(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), out[256];
	size_t stem = 0;

	check(text);
	memcpy(text, data, size);
	text[size] = '\0';
	if (prompt_name_kind(text, &stem) != PROMPT_NAME_OTHER) {
		check(stem > 0 && stem < strlen(text) && text[0] != '.');
		check(prompt_name_make(text, stem, "prompt", out));
		check(prompt_name_kind(out, NULL) == PROMPT_NAME_PROMPT);
	}
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct prompt prompt = {0};
	struct err err = {""};

	name(data, size);
	if (prompt_parse((const char *)data, size, &prompt, &err) < 0) {
		check(err.text[0] && utf8_valid(err.text, strlen(err.text), NULL));
		check(!prompt.text && prompt.header.count == 0);
		return 0;
	}
	check_prompt(&prompt, size);
	prompt_done(&prompt);
	return 0;
}
