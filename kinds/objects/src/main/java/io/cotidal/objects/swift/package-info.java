/**
 * The client of one site: what Swift says and understands, over kept connections. It does as it is
 * told and decides nothing. Calls block and end with their deadline. No secret is in an error or a
 * log.
 */
@NullMarked
package io.cotidal.objects.swift;

import org.jspecify.annotations.NullMarked;
