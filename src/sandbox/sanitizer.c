/* SPDX-License-Identifier: MIT */
/* What the sanitizers, where the program is built with one, must not report: the text libraries
 * keep memory until the process ends, and synchronize their threads where the thread sanitizer,
 * which has not compiled them, cannot see it.
 */

const char *__lsan_default_options(void);
const char *__lsan_default_suppressions(void);
const char *__tsan_default_suppressions(void);

const char *__lsan_default_options(void)
{
	return "print_suppressions=0";
}

const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig.so\n";
}

const char *__tsan_default_suppressions(void)
{
	return "called_from_lib:libfontconfig.so\n"
	       "called_from_lib:libglib-2.0.so\n"
	       "called_from_lib:libgobject-2.0.so\n"
	       "called_from_lib:libpango-1.0.so\n"
	       "called_from_lib:libpangoft2-1.0.so\n"
	       "called_from_lib:libpangocairo-1.0.so\n"
	       "called_from_lib:libcairo.so\n"
	       "called_from_lib:libfreetype.so\n"
	       "called_from_lib:libharfbuzz.so\n";
}
