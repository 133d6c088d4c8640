/* SPDX-License-Identifier: MIT */
/* The prompt on a card at the foot of the picture.  The card grows with the text: a line takes a
 * strip, three thousand characters nearly everything; the letters are as large as fits.
 */
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#include "paint.h"

#define FONT "Sans"
#define LINES_MAX 400

/* What can be shown of the text: control characters become spaces, runs of empty lines one. */
static char *text_for_show(const char *text)
{
	size_t size = strlen(text), used = 0, newlines = 0, lines = 0;
	char *shown = malloc(size + 1);

	for (size_t i = 0; shown && i < size; i++) {
		unsigned char c = (unsigned char)text[i];
		bool newline = c == '\n' && used > 0 && ++lines < LINES_MAX;

		newlines = newline ? newlines + 1 : (c > ' ' ? 0 : newlines);
		if (newlines > 2)
			continue;
		shown[used++] = newline ? '\n' : (c < ' ' || c == 127) ? ' ' : (char)c;
	}
	if (shown) {
		while (used > 0 && (shown[used - 1] == ' ' || shown[used - 1] == '\n'))
			used--;
		shown[used] = '\0';
	}
	return shown;
}

static void layout_size(PangoLayout *layout, const char *weight, double size)
{
	PangoFontDescription *font = pango_font_description_from_string(weight);

	pango_font_description_set_absolute_size(font, fmax(size, 0.5) * PANGO_SCALE);
	pango_layout_set_font_description(layout, font);
	pango_font_description_free(font);
}

static double layout_height(PangoLayout *layout)
{
	int width = 0, height = 0;

	pango_layout_get_size(layout, &width, &height);
	return (double)height / PANGO_SCALE;
}

static double layout_width(PangoLayout *layout)
{
	PangoRectangle logical;

	pango_layout_get_extents(layout, NULL, &logical);
	return (double)(logical.x + logical.width) / PANGO_SCALE;
}

/* The largest size up to `most` with which the text is at most so high; 0 where none is. */
static double size_fit(PangoLayout *layout, double most, double least, double height)
{
	double low = least, high = most;

	layout_size(layout, FONT, least);
	if (layout_height(layout) > height)
		return 0;
	for (int i = 0; i < 9; i++) {
		double middle = (low + high) / 2;

		layout_size(layout, FONT, middle);
		if (layout_height(layout) <= height)
			low = middle;
		else
			high = middle;
	}
	return low;
}

struct card {
	double x, y, width, height, padding;
	double text_height, caption_height;
	double text_width;
};

/* Finds the share of the picture that the text needs and leaves the layout at the size found. */
static void text_fit(
        const struct canvas *canvas, PangoLayout *layout, double most_height, struct card *card)
{
	static const double shares[] = {0.17, 0.25, 0.36, 0.5, 0.66, 0.82, 1.0};
	/* With these letters the text is still easy to read; a wide strip wants larger ones. */
	double comfortable = canvas->unit * 0.026, size = 0;

	for (size_t i = 0; size == 0 && i < ARRAY_SIZE(shares); i++)
		size = size_fit(layout, canvas->unit * 0.044, comfortable, most_height * shares[i]);
	if (size == 0)
		size = size_fit(layout, comfortable, canvas->unit * 0.004, most_height);
	if (size == 0)
		size = canvas->unit * 0.004;
	layout_size(layout, FONT, size);
	card->text_height = fmin(layout_height(layout), most_height);
	card->text_width = fmin(layout_width(layout), card->width - 2 * card->padding);
}

static void card_path(cairo_t *cairo, const struct card *card, double radius)
{
	double right = card->x + card->width, low = card->y + card->height;

	cairo_new_sub_path(cairo);
	cairo_arc(cairo, right - radius, card->y + radius, radius, -M_PI / 2, 0);
	cairo_arc(cairo, right - radius, low - radius, radius, 0, M_PI / 2);
	cairo_arc(cairo, card->x + radius, low - radius, radius, M_PI / 2, M_PI);
	cairo_arc(cairo, card->x + radius, card->y + radius, radius, M_PI, 1.5 * M_PI);
	cairo_close_path(cairo);
}

static void paint_card(const struct canvas *canvas, const struct card *card)
{
	const struct color ink =
	        color_mix(canvas->scene->palette.tree, (struct color){0.02, 0.03, 0.07}, 0.72);
	double radius = canvas->unit * 0.018;

	card_path(canvas->cairo, card, radius);
	paint_source(canvas, ink, 0.70);
	cairo_fill_preserve(canvas->cairo);
	paint_source(canvas, (struct color){1, 1, 1}, 0.20);
	cairo_set_line_width(canvas->cairo, canvas->unit * 0.0012);
	cairo_stroke(canvas->cairo);
}

static PangoLayout *layout_make(const struct canvas *canvas, const char *text, double width)
{
	PangoLayout *layout = pango_cairo_create_layout(canvas->cairo);

	if (!layout)
		return NULL;
	pango_layout_set_text(layout, text, -1);
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
	pango_layout_set_line_spacing(layout, 1.12f);
	return layout;
}

static void layout_show(
        const struct canvas *canvas, PangoLayout *layout, double x, double y, double alpha)
{
	cairo_move_to(canvas->cairo, x, y);
	paint_source(canvas, (struct color){1, 1, 1}, alpha);
	pango_cairo_show_layout(canvas->cairo, layout);
}

static void object_unref_p(PangoLayout **layout)
{
	if (*layout)
		g_object_unref(*layout);
}

static void caption_fit(const struct canvas *canvas, PangoLayout *caption, struct card *card)
{
	layout_size(caption, FONT, canvas->unit * 0.0165);
	pango_layout_set_ellipsize(caption, PANGO_ELLIPSIZE_END);
	pango_layout_set_height(caption, -1);
	card->caption_height = layout_height(caption);
}

int paint_lettering(const struct canvas *canvas, const char *prompt, const char *caption_text)
{
	double margin = canvas->unit * 0.035, gap = canvas->unit * 0.012;
	struct card card = {.x = margin, .padding = canvas->unit * 0.028};
	CLEANUP(free_p) char *text = text_for_show(prompt);
	double most_height;

	card.width = canvas->width - 2 * margin;
	if (!text)
		return -ENOMEM;

	CLEANUP(object_unref_p)
	PangoLayout *layout = layout_make(canvas, text, card.width - 2 * card.padding);
	CLEANUP(object_unref_p)
	PangoLayout *caption = layout_make(canvas, caption_text, card.width - 2 * card.padding);

	if (!layout || !caption)
		return -ENOMEM;
	caption_fit(canvas, caption, &card);
	most_height = canvas->height - 2 * margin - 2 * card.padding - gap - card.caption_height;
	text_fit(canvas, layout, most_height, &card);
	/* A short text gets a short card. */
	card.width =
	        fmin(card.width, fmax(card.text_width, layout_width(caption)) + 2 * card.padding);
	card.height = card.text_height + gap + card.caption_height + 2 * card.padding;
	card.y = canvas->height - margin - card.height;
	paint_card(canvas, &card);
	cairo_save(canvas->cairo);
	card_path(canvas->cairo, &card, canvas->unit * 0.018);
	cairo_clip(canvas->cairo);
	layout_show(canvas, layout, card.x + card.padding, card.y + card.padding, 0.97);
	layout_show(canvas, caption, card.x + card.padding,
	        card.y + card.padding + card.text_height + gap, 0.62);
	cairo_restore(canvas->cairo);
	return 0;
}

int paint_note(const struct canvas *canvas, const char *text, double x, double y, double width,
        double height)
{
	double padding = fmin(width, height) * 0.08, size;
	CLEANUP(object_unref_p)
	PangoLayout *layout = layout_make(canvas, text, fmax(width - 2 * padding, 1));

	if (!layout)
		return -ENOMEM;
	size = size_fit(layout, height * 0.12, height * 0.02, height - 2 * padding);
	layout_size(layout, FONT, size > 0 ? size : height * 0.02);
	cairo_save(canvas->cairo);
	cairo_rectangle(canvas->cairo, x, y, width, height);
	cairo_clip(canvas->cairo);
	cairo_move_to(canvas->cairo, x + padding, y + padding);
	paint_source(canvas, (struct color){0.1, 0.1, 0.15}, 1);
	pango_cairo_show_layout(canvas->cairo, layout);
	cairo_restore(canvas->cairo);
	return 0;
}

void lettering_thread_done(void)
{
	pango_cairo_font_map_set_default(NULL);
}
