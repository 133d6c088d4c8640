/* SPDX-License-Identifier: MIT */
/* What an order comes to: how many pictures of which size, and what they cost. */
#pragma once

#include "order.h"
#include "picture.h"

/* Pixels of a picture that goes in; 0 where they are not known. */
struct extent {
	int width, height;
};

struct measure {
	enum picture_kind kind;
	enum picture_format format;
	int width, height; /* in the model's own pixels */
	bool from_picture; /* they come from the picture that goes in, not from the fields */
	int pictures;
	double price;
	char ratio[24], scale[24]; /* as the fields say it; "" where none does */
};

/* `first` is the first picture that goes in, of so many. */
void order_measure(const struct order *order, struct extent first, int64_t pictures_in,
        struct measure *ret_measure);
