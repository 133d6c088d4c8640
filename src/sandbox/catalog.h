/* SPDX-License-Identifier: MIT */
/* The services' models: tables that are data (models/SERVICE.json), and the reading of them.
 *
 * A table is an object of models by name.  A model has `fields`, which it takes in the request's
 * input, or beside its name where the path is for such orders; each has
 *   type      text, integer, number, boolean, address (of a picture), addresses, integers, list, or
 *             task (the id of an earlier task)
 *   required  whether a request without it is refused
 *   min, max  a number's range, a text's characters, a list's items
 *   of        the texts that are allowed
 *   else      the value that counts where none is given
 *   mb        how large the file at the address may be, in MiB
 * and says how its pictures come out:
 *   family    the path for which it is, where the service has one for each family; a path without
 *             one is for the models without one
 *   makes     upscale, cutout, reframe or layers; without it, a scene from the text
 *   ratio     the field that says width to height: 16:9, landscape_16_9, widescreen_16_9 or auto;
 *             also_ratio is one that counts where that is not given; keeps_ratio: where a picture
 *             goes in and nothing is given, it is as that picture
 *   scale     the field that says how large (1K, 1.5K, 2K, 4K), through `scales` where that has
 *             other words for it
 *   width, height  fields that say it in pixels
 *   sizes     seedream (the sizes of its makers), magnific (the same), or longest (the long side is
 *             so many pixels); without it, the area is that of the square
 *   count     the field that says how many pictures; `pictures` is how many where nothing does,
 *             sequential_pictures the same where enable_sequential is true
 *   factor    the field that says how many times larger; `times` is that number without a field
 *   format    the field that says the type of file
 *   price     credits, or credits by the value of the field `by` ("long side": by the size that
 *             comes out), each time a `unit` comes out: picture (the default), megapixel or call
 *   input_price  what each picture that goes in costs beyond the first `free` ones
 *   rules     what is refused (`say` is why) or without effect (`ignores` is the field): `when` has
 *             fields with a list of values, "given", "absent" or "above N"; `addresses` is how many
 *             pictures may go in altogether
 *   like      everything is as with that other model of the table
 */
#pragma once

#include "darkroom/json.h"

struct catalog_table {
	const char *service;
	const char *bytes;
	size_t size;
};

/* Ends with a NULL service. */
extern const struct catalog_table catalog_tables[];

/* The table as a document of the caller's.  -ENOENT, -ENOMEM. */
int catalog_open(const char *service, struct json **ret_models) NODISCARD;
