/** The client of a site: on paper, against servers of a few lines, and against real Swifts. */
@NullMarked
package io.cotidal.objects.swift;

import org.jspecify.annotations.NullMarked;
